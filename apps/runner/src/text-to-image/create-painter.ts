import { cpus } from "node:os";
import { assert } from "@heddle/core";
import type { TextToImageModel, TextToImagePartName } from "@heddle/house-models";
import { env, Tensor } from "onnxruntime-node";
import { AdapterBanks } from "./adapter-banks.ts";
import { BatchProfile } from "../engine/batch-profile.ts";
import { Batcher } from "../engine/batcher.ts";
import { measureSteps } from "../engine/measure-steps.ts";
import { restoreFlow, saveFlow, stepsOf } from "../engine/flow-state.ts";
import type { Stepper } from "../engine/stepper.ts";
import { createTextEncoder, encodePicture } from "./encode.ts";
import { createNetworkParts, type NetworkPartsOptions } from "./network-parts.ts";
import { noise } from "./noise.ts";
import {
  advance,
  freeCells,
  mixNoise,
  type Painting,
  type PaintingRequest,
  type PaintingStart,
  type RgbPixels,
} from "./painting.ts";
import { schedule } from "./schedule.ts";

/**
 * Paints: `prepare` encodes the prompt and the picture to start from; `finish` decodes a painting that has no step left,
 * and what inpainting was to keep is the picture's own, byte for byte.
 */
export interface Painter extends Stepper<PaintingRequest, Painting, RgbPixels> {
  /** Where pictures that are painted at the same time take their steps together. */
  readonly batcher: Batcher<PaintingRequest, Painting, RgbPixels>;
  /** How many at the most while so many wait. */
  batchCap(waiting: number): number;
  /** Finds out how many that should be, where the profile does not say; needs the weights, and gives way to who paints. */
  calibrate(signal?: AbortSignal): Promise<void>;
  /** Loads what a picture needs that starts so, where it is not loaded; milliseconds that this call waited. */
  load(start: PaintingStart["kind"]): Promise<number>;
  /** Frees the weights; a later call loads them again. */
  close(): Promise<void>;
}

export interface PainterOptions extends NetworkPartsOptions {
  /** Default: one that is not kept, so one picture at a time until it is calibrated. */
  readonly profile?: BatchProfile | undefined;
}

export function createPainter(options: PainterOptions): Painter {
  const { model, threads, profile = new BatchProfile() } = options;
  const key = profileKey(model, threads);
  const stepper = createPaintingStepper(options);
  const batchCap = (waiting: number) => profile.capOf(key, waiting);
  const batcher = new Batcher({ stepper, cap: batchCap });
  return {
    ...stepper,
    batcher,
    batchCap,
    calibrate: async (signal) => {
      if (profile.has(key)) return;
      const step = async (rows: number) => {
        const painting = await stepper.prepare(sample);
        await stepper.step(Array.from({ length: rows }, () => ({ ...painting })));
      };
      const times = await measureSteps({ step, isIdle: () => batcher.isIdle, signal });
      await profile.keep(key, times);
    },
  };
}

/** All that the time of a step depends on. */
function profileKey(model: TextToImageModel, threads: number): string {
  const device = cpus()[0]?.model.trim() ?? "CPU";
  const { sha256 } = model.parts.denoiser;
  return `${model.id} ${sha256}, ${device}, threads ${threads}, onnxruntime ${env.versions.node}`;
}

/** What steps are measured with; they take the same time for any request without LoRAs. */
const sample: PaintingRequest = {
  prompt: "",
  seed: 0,
  steps: 4,
  guidance: 1,
  start: { kind: "noise" },
  adapters: [],
};

function createPaintingStepper(
  options: NetworkPartsOptions,
): Omit<Painter, "batcher" | "batchCap" | "calibrate"> {
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
    stepsDone: ({ stepsDone }) => stepsDone,
    stepsOf,
    save: saveFlow,
    restore: restoreFlow,
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
