import type { Weights } from "../weights/create-weights.ts";
import type { KeptValues } from "../weights/kept-values.ts";
import type { Adapter } from "./adapter.ts";

/** Adapters that were read, under the budget of all weights and by the hash of their files; one for a process. */
export function keepAdapters(weights: Weights): KeptValues<Adapter> {
  return weights.values({ modelId: "lora", sizeOf: ({ a, b }) => a.byteLength + b.byteLength });
}
