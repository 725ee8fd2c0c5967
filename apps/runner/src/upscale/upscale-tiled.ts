import { assert } from "@heddle/core";
import { Tensor } from "onnxruntime-node";
import type { Network } from "../weights/network-thread.ts";
import type { Picture } from "./picture.ts";
import { planTiles, type Tile, type TilePlan } from "./plan-tiles.ts";

/** A loaded network and how it wants to be fed. */
export interface TiledNetwork {
  readonly loaded: Pick<Network, "run">;
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
  const feed = tileInput(plan);
  let done = 0;
  for (const tile of plan.tiles) {
    options.signal?.throwIfAborted();
    readTile(picture, tile, feed);
    const outputs = await network.loaded.run({ [network.input]: feed.tensor });
    writeTile(enlarged, tile, tileOutput(outputs[network.output], network.scale));
    done += 1;
    options.onProgress?.(done, plan.tiles.length);
  }
  options.signal?.throwIfAborted();
  return enlarged;
}

/** Planar floats, 3 × height × width. */
interface TileFloats {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** One tile after the other passes through it. */
function tileInput({ width, height }: TilePlan): TileFloats & { readonly tensor: Tensor } {
  const data = new Float32Array(3 * width * height);
  return { tensor: new Tensor("float32", data, [1, 3, height, width]), data, width, height };
}

interface TileOutput extends TileFloats {
  readonly scale: number;
}

function tileOutput(tensor: Tensor | undefined, scale: number): TileOutput {
  const [, , height, width] = tensor?.dims ?? [];
  assert(tensor?.data instanceof Float32Array, "a tile is floats");
  assert(height !== undefined && width !== undefined, "a tile has a height and a width");
  return { data: tensor.data, width, height, scale };
}

function blank(picture: Picture, scale: number): Picture {
  const [width, height] = [picture.width * scale, picture.height * scale];
  const pixels = new Uint8Array(width * height * picture.channels);
  if (picture.channels === 4) pixels.fill(255);
  return { pixels, width, height, channels: picture.channels };
}

function readTile(picture: Picture, tile: Tile, into: TileFloats): void {
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

function writeTile(enlarged: Picture, tile: Tile, from: TileOutput): void {
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
