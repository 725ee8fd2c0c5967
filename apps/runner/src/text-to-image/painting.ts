import { assert } from "@heddle/core";
import type { FlowState } from "../engine/flow-state.ts";
import type { AppliedAdapter } from "./adapter-banks.ts";

/** Three channels of 8 bits, interleaved, rows from the top: side × side × 3 bytes. */
export type RgbPixels = Uint8Array;

/** What a picture starts from. */
export type PaintingStart =
  | { readonly kind: "noise" }
  /** `strength` 0–1: how much of the picture is given up; 1 leaves nothing of it. */
  | { readonly kind: "picture"; readonly pixels: RgbPixels; readonly strength: number }
  /** `mask`: side × side bytes, 255 where it is painted anew, 0 where the picture stays. */
  | { readonly kind: "inpaint"; readonly pixels: RgbPixels; readonly mask: Uint8Array };

export interface PaintingRequest {
  readonly prompt: string;
  /** 0 to 2³² − 1 */
  readonly seed: number;
  readonly steps: number;
  /** How closely it follows the prompt; 1 is not at all guided. */
  readonly guidance: number;
  readonly start: PaintingStart;
  /** Their changes add up. */
  readonly adapters: readonly AppliedAdapter[];
}

/**
 * A picture that is being painted: all there is to know between two steps; its latent is channels × cells floats.
 * Owned by who prepared it; only `advance` changes it.
 */
export interface Painting extends FlowState {
  readonly start: PaintingStart;
  /** Tokens × width floats of the prompt; shared with other paintings, so never written. */
  readonly text: Float32Array;
  readonly guidance: number;
  readonly adapters: readonly AppliedAdapter[];
  /** What inpainting puts back after every step; the noise and the latent of the picture, and how free each cell is, 0–1. */
  readonly known: {
    readonly latent: Float32Array;
    readonly noise: Float32Array;
    readonly free: Float32Array;
  } | null;
  /** What the last step followed; null before the first. */
  velocity: Float32Array | null;
}

/** (1 − t) · picture + t · noise, in 32-bit steps as the reference calculates it. */
export function mixNoise(picture: Float32Array, fresh: Float32Array, t: number): Float32Array {
  const [keep, add] = [Math.fround(1 - t), Math.fround(t)];
  return picture.map(
    (value, at) => Math.fround(keep * value) + Math.fround(add * (fresh[at] ?? 0)),
  );
}

/** One Euler step along the velocity. */
export function advance(painting: Painting, velocity: Float32Array): void {
  const { latent, times, stepsDone, known } = painting;
  const [now, later] = [times[stepsDone], times[stepsDone + 1]];
  assert(now !== undefined && later !== undefined, "there is a step left");
  const length = Math.fround(later - now);
  for (let at = 0; at < latent.length; at += 1) {
    latent[at] = (latent[at] ?? 0) + Math.fround(length * (velocity[at] ?? 0));
  }
  if (known !== null) putBack(latent, mixNoise(known.latent, known.noise, later), known.free);
  painting.stepsDone += 1;
  painting.velocity = velocity;
}

/** Where the painting is heading: the latent that would come out if it went on straight. Before the first step it is what it is. */
export function guessOf({ latent, times, stepsDone, velocity }: Painting): Float32Array {
  const now = times[stepsDone] ?? 0;
  return latent.map((value, at) => value - now * (velocity?.[at] ?? 0));
}

/** Every channel of a cell is as free as the cell. */
function putBack(latent: Float32Array, known: Float32Array, free: Float32Array): void {
  for (let at = 0; at < latent.length; at += 1) {
    const share = free[at % free.length] ?? 0;
    latent[at] =
      Math.fround(share * (latent[at] ?? 0)) +
      Math.fround(Math.fround(1 - share) * (known[at] ?? 0));
  }
}

/** The largest value of the mask in each cell of 8 × 8 pixels, 0–1: a cell is free if any of its pixels is. */
export function freeCells(mask: Uint8Array, side: number): Float32Array {
  const cells = new Float32Array((side / 8) ** 2);
  for (let at = 0; at < mask.length; at += 1) {
    const cell = Math.floor(at / side / 8) * (side / 8) + Math.floor((at % side) / 8);
    cells[cell] = Math.max(cells[cell] ?? 0, (mask[at] ?? 0) / 255);
  }
  return cells;
}
