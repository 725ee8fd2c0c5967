import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { houseUpscaler4x } from "@heddle/house-models";
import { InferenceSession } from "onnxruntime-node";
import sharp from "sharp";
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
}

export interface Upscaler {
  /** Reads, checks and loads the weights; does nothing when they are loaded. */
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
 * Owns one session. Pictures that are enlarged at the same time share it and take turns tile by tile;
 * each holds its own output.
 */
export function createUpscaler(options: UpscalerOptions): Upscaler {
  let loading: Promise<InferenceSession> | undefined;
  let facts = { ms: 0, bytes: 0 };

  async function open(): Promise<InferenceSession> {
    const before = performance.now();
    const weights = await readVerified(options);
    const session = await InferenceSession.create(weights, sessionOptions(options.threads));
    facts = { ms: performance.now() - before, bytes: weights.byteLength };
    return session;
  }

  async function session(): Promise<InferenceSession> {
    loading ??= open();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  }

  return {
    async load() {
      await session();
      return facts;
    },
    async upscale(picture, { factor, ...tiled }) {
      const model = houseUpscaler4x;
      const visible = spreadEdgeColours(picture, model.receptiveRadius);
      const enlarged = await upscaleTiled(visible, { ...model, session: await session() }, tiled);
      const whole = await withAlpha(enlarged, picture);
      return factor === model.scale ? whole : await reduce(whole, picture, factor);
    },
    async close() {
      const opened = await loading;
      loading = undefined;
      await opened?.release();
    },
  };
}

/** Memory for one tile shape is taken once and used again; nothing is kept for shapes of other pictures. */
function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: 3,
  };
}

async function readVerified({ weightsPath, sha256 }: UpscalerOptions): Promise<Uint8Array> {
  const weights = await readFile(weightsPath).catch((cause: unknown) => {
    throw new Error(`The upscaler's weights cannot be read from ${weightsPath}`, { cause });
  });
  const found = createHash("sha256").update(weights).digest("hex");
  if (found !== sha256) {
    throw new Error(
      `The upscaler's weights in ${weightsPath} are damaged or of another version: ` +
        `expected SHA-256 ${sha256}, found ${found}`,
    );
  }
  return weights;
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
