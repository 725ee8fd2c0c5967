import { setImmediate } from "node:timers/promises";
import sharp, { type Sharp } from "sharp";

/** Pixels in memory: RGBA, 8 bits each, straight (not premultiplied) alpha, rows from top to bottom without padding. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 4 × width × height bytes */
  readonly data: Uint8Array;
}

/** The pixels that a pipeline makes. Takes four bytes of memory per pixel. */
export async function toPixels(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A pipeline that starts at these pixels; `hasAlpha: false` drops their alpha. */
export function fromPixels({ width, height, data }: Pixels, hasAlpha: boolean): Sharp {
  const pipeline = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: false });
  return hasAlpha ? pipeline : pipeline.removeAlpha();
}

/** A pipeline that starts at one grey byte per pixel. */
export function fromGrey(grey: Uint8Array, width: number, height: number): Sharp {
  return sharp(grey, {
    raw: { width, height, channels: 1 },
    limitInputPixels: false,
  }).toColourspace("b-w");
}

/** Pixels that are worked on without a pause: some 10 ms, so that heartbeats and cancelling go on. */
const pixelsPerTurn = 500_000;

/**
 * Calls `work(from, to)` for ranges that cover 0 … `count`, and lets other work of this process run between them.
 * Throws when the signal was aborted.
 */
export async function inTurns(
  count: number,
  signal: AbortSignal,
  work: (from: number, to: number) => void,
): Promise<void> {
  for (let from = 0; from < count; from += pixelsPerTurn) {
    work(from, Math.min(count, from + pixelsPerTurn));
    await setImmediate();
    signal.throwIfAborted();
  }
}

/** 0–255; halves are rounded up. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5);
}
