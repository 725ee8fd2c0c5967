import { houseUpscaler4x } from "@heddle/house-models";
import sharp from "sharp";
import { createWeights, type NetworkSpec, type Weights } from "../weights/create-weights.ts";
import { cpuSessionOptions } from "../weights/session-options.ts";
import type { Picture } from "./picture.ts";
import { spreadEdgeColours } from "./spread-edge-colours.ts";
import { upscaleTiled, type TiledOptions } from "./upscale-tiled.ts";

export const upscaleFactors = [2, 3, 4] as const;
export type UpscaleFactor = (typeof upscaleFactors)[number];

export interface UpscalerOptions {
  /** The ONNX file; see `houseModelFile`. */
  readonly weightsPath: string;
  /** What its bytes must hash to, in lower-case hexadecimal. */
  readonly sha256: string;
  /** CPU threads for one run of the network. */
  readonly threads: number;
  /** Where the network is kept; default: by itself. */
  readonly weights?: Weights | undefined;
}

export interface Upscaler {
  /** Reads, checks and loads the weights where they are not loaded; milliseconds that this took, and their bytes. */
  load(): Promise<{ ms: number; bytes: number }>;
  /**
   * Enlarges a picture, loading the weights first where that was not done.
   *
   * Factors 2 and 3 are reduced from 4. Rejects with the signal's reason when it is aborted, which is
   * heard between tiles.
   */
  upscale(picture: Picture, options: TiledOptions & { factor: UpscaleFactor }): Promise<Picture>;
  /** Frees the weights; a later `load` or `upscale` loads them again. */
  close(): Promise<void>;
}

/**
 * The built-in 4× upscaler on the CPU.
 *
 * Pictures that are enlarged at the same time share one session and take turns tile by tile; each holds its own output.
 */
export function createUpscaler(options: UpscalerOptions): Upscaler {
  const { weights = createWeights() } = options;
  const model = houseUpscaler4x;
  const network = weights.network(networkSpec(options));
  return {
    async load() {
      const { waitedMs, release } = await network.acquire();
      release();
      return { ms: waitedMs, bytes: model.weights.sizeBytes };
    },
    async upscale(picture, { factor, ...tiled }) {
      const { value: loaded, release } = await network.acquire({ signal: tiled.signal });
      try {
        const visible = spreadEdgeColours(picture, model.receptiveRadius);
        const enlarged = await upscaleTiled(visible, { ...model, loaded }, tiled);
        const whole = await withAlpha(enlarged, picture);
        return factor === model.scale ? whole : await reduce(whole, picture, factor);
      } finally {
        release();
      }
    },
    async close() {
      await network.drop();
      for (const file of network.from) await file.drop();
    },
  };
}

/** Of a session with the memory of the largest tile; measured, with `cpuSessionOptions`. */
const sessionBytes = 190_000_000;

function networkSpec({ weightsPath, sha256, threads }: UpscalerOptions): NetworkSpec {
  const { id, weights } = houseUpscaler4x;
  return {
    model: { id, sha256 },
    title: "upscaler",
    file: { path: weightsPath, sha256, sizeBytes: weights.sizeBytes },
    options: cpuSessionOptions(threads),
    thread: "ends",
    sessionBytes,
  };
}

/** Fills in the transparency of `original`, enlarged by libvips: it is a shape, not a photograph. */
async function withAlpha(enlarged: Picture, original: Picture): Promise<Picture> {
  if (original.channels === 3 || isOpaque(original)) return enlarged;
  const alpha = await sharp(alphaOf(original), { raw: { ...sizeOf(original), channels: 1 } })
    .resize(enlarged.width, enlarged.height, { fit: "fill", kernel: "cubic" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  for (let pixel = 0; pixel < alpha.length; pixel += 1) {
    enlarged.pixels[pixel * 4 + 3] = alpha[pixel] ?? 0;
  }
  return enlarged;
}

async function reduce(
  enlarged: Picture,
  original: Picture,
  factor: UpscaleFactor,
): Promise<Picture> {
  const { data, info } = await sharp(enlarged.pixels, {
    raw: { ...sizeOf(enlarged), channels: enlarged.channels },
    limitInputPixels: false,
  })
    .resize(original.width * factor, original.height * factor, { fit: "fill", kernel: "lanczos3" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels: enlarged.channels };
}

function isOpaque({ pixels }: Picture): boolean {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return false;
  return true;
}

function alphaOf({ pixels }: Picture): Uint8Array {
  const alpha = new Uint8Array(pixels.length / 4);
  for (let pixel = 0; pixel < alpha.length; pixel += 1) alpha[pixel] = pixels[pixel * 4 + 3] ?? 0;
  return alpha;
}

function sizeOf({ width, height }: Picture): { width: number; height: number } {
  return { width, height };
}
