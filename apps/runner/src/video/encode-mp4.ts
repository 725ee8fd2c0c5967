import { createH264MP4Encoder } from "./h264-encoder.ts";
import { tidyMp4 } from "./tidy-mp4.ts";

export interface FrameSequence {
  /** Interleaved RGB bytes, each of them width × height. */
  readonly frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** pixels */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** Of H.264: 18 is hardly told from the original. */
const quantization = 18;

/**
 * H.264 (constrained baseline, which everything plays) in MP4. Colours are stored by twos, so an odd side loses its last
 * row or column. The same frames give the same bytes.
 */
export async function encodeMp4(sequence: FrameSequence): Promise<Uint8Array> {
  const width = even(sequence.width);
  const height = even(sequence.height);
  const encoder = await createH264MP4Encoder();
  try {
    encoder.width = width;
    encoder.height = height;
    encoder.frameRate = sequence.framesPerSecond;
    encoder.quantizationParameter = quantization;
    encoder.groupOfPictures = Math.max(1, Math.round(2 * sequence.framesPerSecond));
    encoder.initialize();
    for await (const frame of sequence.frames)
      encoder.addFrameRgba(toRgba(frame, sequence.width, { width, height }));
    encoder.finalize();
    return tidyMp4(encoder.FS.readFile(encoder.outputFilename));
  } finally {
    free(encoder);
  }
}

/** One that was stopped before its first frame aborts; its memory is garbage with it. */
function free(encoder: { delete(): void }): void {
  try {
    encoder.delete();
  } catch {
    // What went wrong before is what is to be heard of.
  }
}

/** What is kept of a side. */
export function even(side: number): number {
  return Math.max(2, side - (side % 2));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function toRgba(frame: Uint8Array, rowLength: number, { width, height }: Size): Uint8Array {
  const pixels = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * rowLength + x) * 3;
      pixels.set(frame.subarray(from, from + 3), (y * width + x) * 4);
    }
  }
  return pixels;
}
