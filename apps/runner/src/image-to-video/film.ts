import { assert } from "@heddle/core";
import type { FlowState } from "../engine/flow-state.ts";
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
export interface Film extends FlowState {
  readonly request: FilmRequest;
  /** Latents of the moved picture: frames × channels × cells floats, as `latent`. */
  readonly guide: Float32Array;
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
