import { setImmediate } from "node:timers/promises";
import { assert } from "@heddle/core";
import { Tensor, type InferenceSession } from "onnxruntime-node";
import type { Picture } from "./picture.ts";
import { planTiles, type Tile, type TilePlan } from "./plan-tiles.ts";

/** A loaded network and how it wants to be fed. */
export interface TiledNetwork {
  readonly session: Pick<InferenceSession, "run">;
  /** Name of the input, float32 1 × 3 × H × W, 0..1. */
  readonly input: string;
  /** Name of the output, float32 1 × 3 × sH × sW, 0..1. */
  readonly output: string;
  readonly scale: number;
  /** Longest side of a tile and its margin, in pixels of the input. */
  readonly tile: number;
  readonly overlap: number;
}

export interface TiledOptions {
  /** Called after each tile with the number of tiles done and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Heard between tiles; the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Enlarges a picture tile by tile. Only the colours: a fourth channel comes out opaque.
 *
 * Holds the whole output, one tile's input and output, and what the session needs for one tile.
 * Gives the event loop a turn between tiles, since a run of the session holds it.
 */
export async function upscaleTiled(
  picture: Picture,
  network: TiledNetwork,
  options: TiledOptions = {},
): Promise<Picture> {
  assert(
    picture.pixels.length === picture.width * picture.height * picture.channels,
    `${picture.pixels.length} bytes are not ${picture.width} × ${picture.height} × ${picture.channels}`,
  );
  const plan = planTiles({ ...network, width: picture.width, height: picture.height });
  const enlarged = blank(picture, network.scale);
  const feed = tileTensor(plan, 1);
  const fetch = tileTensor(plan, network.scale);
  let done = 0;
  for (const tile of plan.tiles) {
    options.signal?.throwIfAborted();
    readTile(picture, tile, feed);
    await network.session.run({ [network.input]: feed.tensor }, { [network.output]: fetch.tensor });
    writeTile(enlarged, tile, fetch);
    done += 1;
    options.onProgress?.(done, plan.tiles.length);
    await setImmediate();
  }
  options.signal?.throwIfAborted();
  return enlarged;
}

/** Planar floats that one tile after the other passes through; the session reads and writes them in place. */
interface TileTensor {
  readonly tensor: Tensor;
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

function tileTensor(plan: TilePlan, scale: number): TileTensor {
  const [width, height] = [plan.width * scale, plan.height * scale];
  const data = new Float32Array(3 * width * height);
  return { tensor: new Tensor("float32", data, [1, 3, height, width]), data, width, height, scale };
}

function blank(picture: Picture, scale: number): Picture {
  const [width, height] = [picture.width * scale, picture.height * scale];
  const pixels = new Uint8Array(width * height * picture.channels);
  if (picture.channels === 4) pixels.fill(255);
  return { pixels, width, height, channels: picture.channels };
}

function readTile(picture: Picture, tile: Tile, into: TileTensor): void {
  const { pixels, channels } = picture;
  const plane = into.width * into.height;
  for (let row = 0; row < into.height; row += 1) {
    let from = ((tile.top + row) * picture.width + tile.left) * channels;
    let to = row * into.width;
    for (const end = to + into.width; to < end; to += 1, from += channels) {
      into.data[to] = (pixels[from] ?? 0) / 255;
      into.data[to + plane] = (pixels[from + 1] ?? 0) / 255;
      into.data[to + 2 * plane] = (pixels[from + 2] ?? 0) / 255;
    }
  }
}

function writeTile(enlarged: Picture, tile: Tile, from: TileTensor): void {
  const { pixels, channels } = enlarged;
  const { scale } = from;
  const plane = from.width * from.height;
  const [left, right] = [tile.keepLeft * scale, tile.keepRight * scale];
  for (let y = tile.keepTop * scale; y < tile.keepBottom * scale; y += 1) {
    let read = (y - tile.top * scale) * from.width + left - tile.left * scale;
    let write = (y * enlarged.width + left) * channels;
    for (const end = read + right - left; read < end; read += 1, write += channels) {
      // The network's output lies within 0..1; adding a half and truncating rounds.
      pixels[write] = (from.data[read] ?? 0) * 255 + 0.5;
      pixels[write + 1] = (from.data[read + plane] ?? 0) * 255 + 0.5;
      pixels[write + 2] = (from.data[read + 2 * plane] ?? 0) * 255 + 0.5;
    }
  }
}
