import { createHash } from "node:crypto";
import type { Adapter, PaintingRequest } from "@heddle/runner";
import { houseTextToImage } from "@heddle/house-models";
import { createRandom } from "./random.ts";

/** Exponent of how popularity falls with rank among LoRAs, as in the public GenTD26 trace. */
const zipf = 0.92;
const rank = 4;
/** Of each request. */
export const stepsOfRequests = 4;

/** Adapters of the usual size; what they draw does not matter to a clock. */
export function randomAdapters(count: number): Adapter[] {
  const { depth, width } = houseTextToImage.config;
  return Array.from({ length: count }, (_, number) => {
    const random = createRandom(number + 1);
    const values = (length: number) => Float32Array.from({ length }, () => (random() - 0.5) * 0.05);
    return {
      sha256: createHash("sha256").update(`adapter ${number}`).digest("hex"),
      rank,
      a: values(depth * rank * 7 * width),
      b: values(depth * rank * 9 * width),
    };
  });
}

/** Requests that differ in seed and guidance and each wear one of the adapters, the first ones more often. */
export function createRequests(count: number, adapters: readonly Adapter[]): PaintingRequest[] {
  const random = createRandom(99);
  const weights = adapters.map((_, place) => (place + 1) ** -zipf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = (): Adapter | undefined => {
    let left = random() * total;
    return adapters.find((_, place) => (left -= weights[place] ?? 0) < 0) ?? adapters.at(-1);
  };
  return Array.from({ length: count }, (_, seed) => {
    const adapter = pick();
    return {
      prompt: "a red boat at sea at dusk, watercolour",
      seed,
      steps: stepsOfRequests,
      guidance: 1 + Math.round(random() * 6),
      start: { kind: "noise" },
      adapters: adapter === undefined ? [] : [{ adapter, scale: 1 }],
    };
  });
}

/** Milliseconds between arrivals of a Poisson process. */
export function poissonGaps(count: number, perSecond: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => (-Math.log(1 - random()) / perSecond) * 1000);
}
