import sharp from "sharp";
import type { FrameSequence } from "./encode-mp4.ts";

/** An animated WebP that repeats for ever. Holds all frames at once. */
export async function encodeWebp(sequence: FrameSequence): Promise<Uint8Array> {
  const { width, height, framesPerSecond } = sequence;
  const frames: Uint8Array[] = [];
  for await (const frame of sequence.frames) frames.push(frame);
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  const delay = frames.map(() => Math.round(1000 / framesPerSecond));
  return sharp(Buffer.concat(frames), { raw }).webp({ quality: 90, loop: 0, delay }).toBuffer();
}
