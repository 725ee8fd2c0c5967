import { joinVideos } from "@heddle/catalog";
import type { ArtifactRef } from "@heddle/core";
import sharp from "sharp";
import { OpError, type OpContext } from "../op.ts";
import { readFilm, type Film } from "../video/read-film.ts";
import { saveVideo } from "../video/save-video.ts";
import { steadyFrames } from "../video/steady-frames.ts";
import { defineOp } from "./define-op.ts";

export const joinVideosOp = defineOp(joinVideos, async ({ videos, format }, context) => {
  const [first, ...others] = videos;
  if (first === undefined) throw new OpError("videos_missing", "The list is empty.", "videos");
  const opening = await readFilm(context, first, "videos");
  const { width, height, framesPerSecond } = opening;
  const frames = playAll(context, opening, others);
  return { video: await saveVideo(context, { frames, width, height, framesPerSecond, format }) };
});

/** One film is open at a time. */
async function* playAll(context: OpContext, opening: Film, others: readonly ArtifactRef[]) {
  const { framesPerSecond } = opening;
  const whole = { framesPerSecond, fromMs: 0, toMs: Infinity };
  yield* steadyFrames(opening.frames, whole);
  for (const [index, artifact] of others.entries()) {
    context.progress("computing", index + 1, others.length + 1);
    const film = await readFilm(context, artifact, "videos");
    for await (const pixels of steadyFrames(film.frames, whole))
      yield await fill(pixels, film, opening);
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Its middle, as large as it must be to fill the frame. */
async function fill(pixels: Uint8Array, from: Size, { width, height }: Size): Promise<Uint8Array> {
  if (from.width === width && from.height === height) return pixels;
  return sharp(pixels, { raw: { width: from.width, height: from.height, channels: 3 } })
    .resize(width, height, { fit: "cover" })
    .raw({ depth: "uchar" })
    .toBuffer();
}
