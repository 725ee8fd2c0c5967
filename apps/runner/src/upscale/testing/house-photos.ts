import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { houseModelFile, houseUpscaler4x } from "@heddle/house-models";
import sharp from "sharp";
import type { Picture } from "../picture.ts";

const houseModels = dirname(
  createRequire(import.meta.url).resolve("@heddle/house-models/package.json"),
);

export const weightsPath = houseModelFile(houseModels, houseUpscaler4x);

/** A part of one of the held-out photographs. */
export async function readPhoto(
  name: string,
  part: { left: number; top: number; width: number; height: number },
): Promise<Picture> {
  const pixels = await sharp(join(houseModels, "evaluation", "photos", `${name}.webp`))
    .extract(part)
    .removeAlpha()
    .raw()
    .toBuffer();
  return { pixels, width: part.width, height: part.height, channels: 3 };
}
