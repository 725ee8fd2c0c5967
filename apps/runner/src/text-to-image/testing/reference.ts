import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { z } from "zod";

const folder = join(
  dirname(createRequire(import.meta.url).resolve("@heddle/house-models/package.json")),
  "evaluation",
  "text-to-image",
);

/** What `python -m heddle_models.text_to_image.reference` wrote. */
export const reference = z
  .object({
    parts: z.record(z.string(), z.string()),
    noise: z.array(z.object({ seed: z.number(), values: z.array(z.number()) })),
    times: z.array(
      z.object({ steps: z.number(), strength: z.number(), values: z.array(z.number()) }),
    ),
    cases: z.array(
      z.object({
        name: z.string(),
        prompt: z.string(),
        seed: z.number(),
        steps: z.number(),
        guidance: z.number(),
        picture: z.string().optional(),
        mask: z.string().optional(),
        strength: z.number().optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(folder, "reference.json"), "utf8")));
export type ReferenceCase = (typeof reference.cases)[number];

/** Bytes of a PNG file of the reference. */
export function readReferenceFile(name: string): Uint8Array {
  return readFileSync(join(folder, `${name}.png`));
}

/** RGB of a reference picture. */
export function readReferencePixels(name: string): Promise<Uint8Array> {
  return sharp(readReferenceFile(name)).toColourspace("srgb").removeAlpha().raw().toBuffer();
}

/** Grey of a reference mask. */
export function readReferenceMask(name: string): Promise<Uint8Array> {
  return sharp(readReferenceFile(name)).toColourspace("b-w").raw().toBuffer();
}
