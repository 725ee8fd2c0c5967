import type { BlurOptions } from "sharp";
import { fromPixels, toPixels, type Pixels } from "./pixels.ts";

/** Below this standard deviation a Gaussian changes nothing that eight bits can hold. Pixels. */
const smallestSigma = 0.3;
/** From here on a cascade of box filters is as good and its time grows slowly. Pixels. */
const cascadeSigma = 2;

/**
 * A Gaussian blur of standard deviation `sigma`, pixels; within 2 % of the true one. Per megapixel on one core: 25 ms at
 * sigma 1, 60 at 4, 450 at 100. libvips' whole-number convolution would be faster, but makes an even picture up to 2 %
 * brighter, because its kernel is rounded.
 */
export async function blur(pixels: Pixels, sigma: number): Promise<Pixels> {
  if (sigma < smallestSigma) return pixels;
  return toPixels(fromPixels(pixels, true).blur(optionsFor(sigma)));
}

/** `minAmplitude`: where the kernel ends, as a part of its middle. */
function optionsFor(sigma: number): BlurOptions {
  return sigma < cascadeSigma
    ? { sigma, minAmplitude: 0.005, precision: "float" }
    : { sigma, minAmplitude: 0.02, precision: "approximate" };
}
