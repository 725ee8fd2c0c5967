import { adapterLayout, type Factors } from "../adapter.ts";
import { fromFloat16, toFloat16 } from "../float16.ts";
import { noise } from "../../text-to-image/noise.ts";

/** Factors of a LoRA from a seed, with numbers that 16 bits hold. */
export function randomFactors(seed: number, rank: number, size = 0.05): Factors {
  const { layers, inputs, outputs } = adapterLayout;
  const half = (value: number) => fromFloat16(toFloat16(value * size));
  return {
    rank,
    a: noise(seed, layers * rank * inputs).map(half),
    b: noise(seed + 1, layers * outputs * rank).map(half),
  };
}
