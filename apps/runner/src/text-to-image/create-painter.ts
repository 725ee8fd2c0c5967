import { assert } from "@heddle/core";
import type { TextToImagePartName } from "@heddle/house-models";
import { BatchProfile } from "../engine/batch-profile.ts";
import { Batcher } from "../engine/batcher.ts";
import { measureSteps } from "../engine/measure-steps.ts";
import { restoreFlow, saveFlow, stepsOf } from "../engine/flow-state.ts";
import type { Stepper } from "../engine/stepper.ts";
import { createWeights } from "../weights/create-weights.ts";
import { createDenoiser, laneCount, type Denoiser } from "./denoiser.ts";
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
import { profileKey } from "./profile-key.ts";
import { schedule } from "./schedule.ts";
import { shapesOf, stack } from "./shapes.ts";

/**
 * Paints: `prepare` encodes the prompt and the picture to start from; `finish` decodes a painting that has no step left,
 * and what inpainting was to keep is the picture's own, byte for byte.
 */
export interface Painter extends Stepper<PaintingRequest, Painting, RgbPixels> {
  /**
   * Where pictures that are painted at the same time take their steps together: no more of them than there are lanes, so
   * that each is what it is alone, bit for bit. More have nothing to gain either: two rows in each of two lanes take twice
   * as long as one.
   */
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
  const { model, threads, profile = new BatchProfile(), weights = createWeights() } = options;
  const key = profileKey(model, threads);
  const denoiser = createDenoiser(weights, options);
  const stepper = createPaintingStepper({ ...options, weights }, denoiser);
  const batchCap = (waiting: number) => profile.capOf(key, waiting);
  const cap = (waiting: number) => {
    const rows = batchCap(waiting);
    if (rows === 1 || denoiser.hasLanes) return rows;
    // Nobody waits for them. What is wrong with the weights, whoever paints is told without them.
    denoiser.openLanes().catch(() => {});
    return 1;
  };
  const batcher = new Batcher({ stepper, cap });
  return {
    ...stepper,
    batcher,
    batchCap,
    calibrate: async (signal) => {
      if (profile.has(key) || !(await denoiser.openLanes())) return;
      const step = async (rows: number) => {
        const painting = await stepper.prepare(sample);
        await stepper.step(Array.from({ length: rows }, () => ({ ...painting })));
      };
      const isIdle = () => batcher.isIdle;
      const times = await measureSteps({ sizes: [1, laneCount], step, isIdle, signal });
      await profile.keep(key, times);
    },
  };
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
  denoiser: Denoiser,
): Omit<Painter, "batcher" | "batchCap" | "calibrate"> {
  const { model } = options;
  const parts = createNetworkParts(options);
  const shape = shapesOf(model);
  const encodeText = createTextEncoder(model, parts);
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
      // All of them, then a step: if one of the runs fails, nobody has taken it.
      const velocities = await denoiser.velocities(paintings);
      for (const [row, velocity] of velocities.entries()) {
        const painting = paintings[row];
        if (painting !== undefined) advance(painting, velocity);
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
    close: async () => {
      await denoiser.close();
      await parts.close();
    },
  };
}

function partsFor(start: PaintingStart["kind"]): TextToImagePartName[] {
  const always: TextToImagePartName[] = ["text-encoder", "denoiser", "decoder"];
  return start === "noise" ? always : [...always, "encoder"];
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
