import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { assert } from "@heddle/core";
import sharp from "sharp";
import { z } from "zod";

const spread = z.object({ mean: z.array(z.number()), covariance: z.array(z.array(z.number())) });

const captionsSchema = z.object({
  /** Each of a combination of attributes that no training saw. */
  captions: z.array(z.string()),
  /** Captions that name no style. */
  unstyled: z.array(z.string()),
  /** What each caption asks for, by attribute, as the place in the probe's classes. */
  wanted: z.record(z.string(), z.array(z.int())),
  /** Features of renders of the captions, and of other renders of the same. */
  renders: spread,
  rendersAgain: spread,
  diversity: z.object({ captions: z.int(), seeds: z.int(), renders: z.number() }),
});
export type HeldOutCaptions = z.infer<typeof captionsSchema>;

/** `evaluation`: the folder `evaluation/models` of house-models. */
export async function readCaptions(evaluation: string): Promise<HeldOutCaptions> {
  return captionsSchema.parse(
    JSON.parse(await readFile(join(evaluation, "captions.json"), "utf8")),
  );
}

/** Side of the pictures, pixels. */
export const side = 128;

/** A scene at rest, a motion for it, and how the scene then looks in frames 5, 10 and 15. */
export interface HeldOutClip {
  readonly motion: string;
  /** Interleaved RGB bytes. */
  readonly picture: Uint8Array;
  readonly later: readonly Uint8Array[];
}

export async function readClips(evaluation: string): Promise<HeldOutClip[]> {
  const folder = join(evaluation, "clips");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".webp")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const [, motion] = /^\d+-(.+)\.webp$/.exec(name) ?? [];
      assert(motion !== undefined, `${name} names a motion`);
      const frames = await Promise.all([0, 1, 2, 3].map((at) => readPart(join(folder, name), at)));
      const [picture, ...later] = frames;
      assert(picture !== undefined, `${name} has frames`);
      return { motion, picture, later };
    }),
  );
}

function readPart(file: string, at: number): Promise<Uint8Array> {
  return sharp(file)
    .extract({ left: at * side, top: 0, width: side, height: side })
    .removeAlpha()
    .raw()
    .toBuffer();
}
