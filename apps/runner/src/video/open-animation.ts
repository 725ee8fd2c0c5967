import type { Limits } from "@heddle/core";
import { FilmUnreadable, type DecodedFrame } from "@heddle/film-decoder";
import sharp from "sharp";

/** Of a frame that does not say how long it is to be seen, as browsers take it. Milliseconds. */
const usualDelayMs = 100;

/**
 * An animated WebP or GIF, as `openFilm` gives a film; transparency becomes white. Holds all frames, whose pixels are
 * within the limit of a picture's. Throws FilmUnreadable.
 */
export async function openAnimation(bytes: Uint8Array, limits: Pick<Limits, "pixels">) {
  try {
    const metadata = await sharp(bytes, { animated: true, limitInputPixels: false }).metadata();
    const { width, height, pages = 1, pageHeight = height, delay } = metadata;
    if (width * pageHeight * pages > limits.pixels) throw new FilmUnreadable("too_large");
    const pixels = await sharp(bytes, { animated: true, failOn: "error", limitInputPixels: false })
      .toColourspace("srgb")
      .flatten({ background: "#ffffff" })
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer();
    const delays = Array.from({ length: pages }, (_, at) => delay?.[at] ?? usualDelayMs);
    const durationMs = delays.reduce((sum, ms) => sum + Math.max(1, ms), 0);
    const size = width * pageHeight * 3;
    let [at, timeMs] = [0, 0];
    const next = (): DecodedFrame | undefined => {
      if (at === pages) return undefined;
      const frame = { pixels: pixels.subarray(at * size, (at + 1) * size), timeMs };
      timeMs += Math.max(1, delays[at] ?? usualDelayMs);
      at += 1;
      return frame;
    };
    const framesPerSecond = (1000 * pages) / durationMs;
    return { width, height: pageHeight, framesPerSecond, durationMs, next };
  } catch (error) {
    if (error instanceof FilmUnreadable) throw error;
    throw new FilmUnreadable("unreadable", { cause: error });
  }
}
