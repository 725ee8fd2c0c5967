import { assert } from "@heddle/core";
import type { RgbPixels } from "../text-to-image/painting.ts";

export interface FilmRequest {
  /** The picture that the film continues, side × side. */
  readonly pixels: RgbPixels;
  /** Place of the motion word in the model's list. */
  readonly motion: number;
  /** 0 to 2³² − 1 */
  readonly seed: number;
  readonly steps: number;
}

/** A film that is being made: all there is to know between two steps. Only `advanceFilm` changes it. */
export interface Film {
  readonly request: FilmRequest;
  /** Latents of the moved picture: frames × channels × cells floats. */
  readonly guide: Float32Array;
  /** One number more than there are steps, from noise (1) to film (0). */
  readonly times: readonly number[];
  /** Like `guide`. */
  readonly latent: Float32Array;
  stepsDone: number;
}

export function filmStepsOf({ times }: Film): number {
  return times.length - 1;
}

/** One Euler step along the velocity. */
export function advanceFilm(film: Film, velocity: Float32Array): void {
  const { latent, times, stepsDone } = film;
  const [now, later] = [times[stepsDone], times[stepsDone + 1]];
  assert(now !== undefined && later !== undefined, "there is a step left");
  for (let at = 0; at < latent.length; at += 1)
    latent[at] = (latent[at] ?? 0) + (later - now) * (velocity[at] ?? 0);
  film.stepsDone += 1;
}

/** What the next step needs and the request does not say: the number of steps done, then the latents, little-endian. */
export function saveFilm({ latent, stepsDone }: Film): Uint8Array {
  const state = new DataView(new ArrayBuffer(4 + 4 * latent.length));
  state.setUint32(0, stepsDone, true);
  for (const [at, value] of latent.entries()) state.setFloat32(4 + 4 * at, value, true);
  return new Uint8Array(state.buffer);
}

/** Sets a film that was prepared from the same request to a saved state; false when it is not one of such a film. */
export function restoreFilm(film: Film, bytes: Uint8Array): boolean {
  const { latent } = film;
  if (bytes.byteLength !== 4 + 4 * latent.length) return false;
  const state = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stepsDone = state.getUint32(0, true);
  if (stepsDone > filmStepsOf(film)) return false;
  for (let at = 0; at < latent.length; at += 1) latent[at] = state.getFloat32(4 + 4 * at, true);
  film.stepsDone = stepsDone;
  return true;
}
