import { assert } from "@heddle/core";
import type { TextToImageModel, TextToImagePartName } from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";
import { AdapterBanks } from "./adapter-banks.ts";
import { createTextEncoder, encodePicture } from "./encode.ts";
import { createNetworkParts, type NetworkPartsOptions } from "./network-parts.ts";
import { noise } from "./noise.ts";
import {
  advance,
  freeCells,
  mixNoise,
  stepsOf,
  type Painting,
  type PaintingRequest,
  type PaintingStart,
  type RgbPixels,
} from "./painting.ts";
import { schedule } from "./schedule.ts";

/**
 * Paints in three moves, so that whoever schedules may let paintings join and leave between steps:
 * `prepare`, `step` as often as the painting has steps, `finish`.
 */
export interface Painter {
  /** Loads what a picture needs that starts so, where it is not loaded; milliseconds that this call waited. */
  load(start: PaintingStart["kind"]): Promise<number>;
  /** Encodes the prompt and the picture to start from. */
  prepare(request: PaintingRequest): Promise<Painting>;
  /** Takes each of the paintings one step further, in one run; they may differ in everything. */
  step(paintings: readonly Painting[]): Promise<void>;
  /** Decodes a painting that has no step left; what inpainting was to keep is the picture's own, byte for byte. */
  finish(painting: Painting): Promise<RgbPixels>;
  /** Frees the weights; a later call loads them again. */
  close(): Promise<void>;
}

export function createPainter(options: NetworkPartsOptions): Painter {
  const { model } = options;
  const parts = createNetworkParts(options);
  const shape = shapesOf(model);
  const encodeText = createTextEncoder(model, parts);
  const banks = new AdapterBanks(model);
  return {
    load: (start) => parts.load(partsFor(start)),
    prepare: async ({ prompt, seed, steps, guidance, start, adapters }) => {
      const text = await encodeText(prompt);
      const fresh = noise(seed, shape.latentSize);
      const strength = start.kind === "picture" ? start.strength : 1;
      const times = schedule({ steps, strength, shift: model.sampler.shift });
      const picture =
        start.kind === "noise" ? null : await encodePicture(parts, start.pixels, shape.side);
      const latent = picture === null ? fresh : mixNoise(picture, fresh, strength);
      const known =
        start.kind === "inpaint" && picture !== null
          ? { latent: picture, noise: fresh, free: freeCells(start.mask, shape.side) }
          : null;
      const held = { start, text, guidance, adapters, times, known, latent };
      return { ...held, stepsDone: 0, velocity: null };
    },
    step: async (paintings) => {
      const rows = paintings.map(({ adapters }) => adapters);
      const feeds = { ...stepFeeds(paintings, shape), ...banks.inputsFor(rows) };
      const velocity = await parts.run("denoiser", feeds);
      const size = shape.latentSize;
      for (const [row, painting] of paintings.entries()) {
        advance(painting, velocity.subarray(row * size, (row + 1) * size));
      }
    },
    finish: async (painting) => {
      assert(painting.stepsDone === stepsOf(painting), "no step is left");
      const latent = stack([painting.latent], shape.latent);
      return toPixels(await parts.run("decoder", { latent }), painting.start);
    },
    close: () => parts.close(),
  };
}

function partsFor(start: PaintingStart["kind"]): TextToImagePartName[] {
  const always: TextToImagePartName[] = ["text-encoder", "denoiser", "decoder"];
  return start === "noise" ? always : [...always, "encoder"];
}

function stepFeeds(paintings: readonly Painting[], shape: Shapes): Record<string, Tensor> {
  const each = <Value>(of: (painting: Painting) => Value) => paintings.map(of);
  return {
    latent: stack(
      each(({ latent }) => latent),
      shape.latent,
    ),
    timestep: column(each(({ times, stepsDone }) => times[stepsDone] ?? 0)),
    guidance: column(each(({ guidance }) => guidance)),
    text: stack(
      each(({ text }) => text),
      shape.text,
    ),
  };
}

interface Shapes {
  /** of a picture, pixels */
  readonly side: number;
  /** of one row */
  readonly latent: readonly number[];
  readonly latentSize: number;
  readonly text: readonly number[];
}

function shapesOf({ config }: TextToImageModel): Shapes {
  const { image, latent_channels: channels, text_tokens: tokens, width } = config;
  const cells = image / 8;
  return {
    side: image,
    latent: [channels, cells, cells],
    latentSize: channels * cells * cells,
    text: [tokens, width],
  };
}

/** From planar floats in 0–1; where the picture is to be kept, its own bytes. */
function toPixels(planar: Float32Array, start: PaintingStart): RgbPixels {
  const plane = planar.length / 3;
  const pixels = new Uint8Array(planar.length);
  for (let at = 0; at < pixels.length; at += 1) {
    const pixel = Math.floor(at / 3);
    const painted = (planar[(at % 3) * plane + pixel] ?? 0) * 255;
    const share = start.kind === "inpaint" ? (start.mask[pixel] ?? 0) / 255 : 1;
    const kept = start.kind === "inpaint" ? (start.pixels[at] ?? 0) : 0;
    pixels[at] = Math.floor(share * painted + (1 - share) * kept + 0.5);
  }
  return pixels;
}

function stack(rows: readonly Float32Array[], shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(rows.length * size);
  for (const [row, values] of rows.entries()) data.set(values, row * size);
  return new Tensor("float32", data, [rows.length, ...shape]);
}

function column(values: readonly number[]): Tensor {
  return new Tensor("float32", Float32Array.from(values), [values.length]);
}
