import { readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import type { Pixels } from "./bicubic.ts";

export interface Photo {
  readonly name: string;
  readonly pixels: Pixels;
}

/** The photographs that no network was trained on, cut to a multiple of four; credits lie beside them. */
export async function readHeldOutPhotos(houseModels: string): Promise<Photo[]> {
  const folder = join(houseModels, "evaluation", "photos");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".webp")).toSorted();
  return await Promise.all(names.map((name) => readPhoto(folder, name)));
}

async function readPhoto(folder: string, name: string): Promise<Photo> {
  const image = sharp(join(folder, name));
  const { width, height } = await image.metadata();
  const part = { left: 0, top: 0, width: width - (width % 4), height: height - (height % 4) };
  const data = await image.extract(part).removeAlpha().raw().toBuffer();
  return { name: name.replace(".webp", ""), pixels: { ...part, data, channels: 3 } };
}

/** Resizes with libvips by sharp's "cubic" kernel. */
export async function resizeWithSharp(
  pixels: Pixels,
  size: { width: number; height: number },
  kernel: "cubic" | "lanczos3",
): Promise<Pixels> {
  const { width, height } = pixels;
  const data = await sharp(pixels.data, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { fit: "fill", kernel })
    .raw()
    .toBuffer();
  return { data, ...size, channels: 3 };
}
