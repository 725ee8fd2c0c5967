import type { LoadTimes, WeightsRef } from "@heddle/core";
import { createRandom } from "../serve/random.ts";
import { createPicker, normalAt, type Picker } from "./draw.ts";

/** What is published of the GenTD26 trace, and the few numbers that it is silent about. */
export const zooShape = {
  models: 105,
  modelZipf: 1.42,
  adapters: 874,
  adapterZipf: 0.92,
  /** Medians over loads. */
  modelFromDiskMs: 22_700,
  adapterFromDiskMs: 4_400,
  /** Spread of sizes and load times among models, and among LoRAs: σ of the logarithm. Assumed. */
  spread: 0.3,
  /** 6.8 GB in 22.7 s. */
  diskBytesPerMs: 300_000,
  /** From host memory over PCIe, 10 GB/s: a model of 6.8 GB in 0.68 s. Assumed. */
  ramBytesPerMs: 10_000_000,
  adapterBytes: 200_000_000,
} as const;

export interface ZooWeights {
  readonly ref: WeightsRef;
  readonly loadTimes: LoadTimes;
}

/** All weights there are, the most popular first. */
export interface Zoo {
  readonly models: readonly ZooWeights[];
  readonly adapters: readonly ZooWeights[];
  readonly pickModel: Picker;
  readonly pickAdapter: Picker;
  /** By hash: the same on every runner. */
  readonly loadTimes: ReadonlyMap<string, LoadTimes>;
}

export function createZoo(seed: number): Zoo {
  const random = createRandom(seed);
  const pickModel = createPicker(zooShape.models, zooShape.modelZipf);
  const pickAdapter = createPicker(zooShape.adapters, zooShape.adapterZipf);
  const models = spreadTimes(pickModel, zooShape.modelFromDiskMs, random).map(
    (fromDiskMs, rank) => {
      const sizeBytes = Math.round(fromDiskMs * zooShape.diskBytesPerMs);
      const fromRamMs = sizeBytes / zooShape.ramBytesPerMs;
      return { ref: { hash: `model-${rank}`, sizeBytes }, loadTimes: { fromDiskMs, fromRamMs } };
    },
  );
  const adapters = spreadTimes(pickAdapter, zooShape.adapterFromDiskMs, random).map(
    (fromDiskMs, rank) => {
      const sizeBytes = zooShape.adapterBytes;
      const fromRamMs = sizeBytes / zooShape.ramBytesPerMs;
      return { ref: { hash: `lora-${rank}`, sizeBytes }, loadTimes: { fromDiskMs, fromRamMs } };
    },
  );
  const all = [...models, ...adapters].map(({ ref, loadTimes }) => [ref.hash, loadTimes] as const);
  return { models, adapters, pickModel, pickAdapter, loadTimes: new Map(all) };
}

/** A time for each rank, log-normal, in random order; the median over picks is `medianMs`. */
function spreadTimes(picker: Picker, medianMs: number, random: () => number): number[] {
  const { shares } = picker;
  const order = shares
    .map((_, rank) => ({ rank, key: random() }))
    .toSorted((a, b) => a.key - b.key);
  const times = new Map(
    order.map(({ rank }, place) => [
      rank,
      Math.exp(zooShape.spread * normalAt((place + 0.5) / shares.length)),
    ]),
  );
  const sorted = [...times].toSorted((a, b) => a[1] - b[1]);
  let below = 0;
  const middle = sorted.find(([rank]) => (below += shares[rank] ?? 0) >= 0.5)?.[1] ?? 1;
  return shares.map((_, rank) => ((times.get(rank) ?? middle) / middle) * medianMs);
}
