import type { Cluster } from "./cluster.ts";
import type { Held, Runner, WeightsRef } from "./cluster-types.ts";
import { loadTimes, neededByRunning } from "./load-ms.ts";
import { neededBytes } from "./needed-bytes.ts";
import { compareText } from "./turn.ts";

export type Tier = "device" | "ram";

export interface RoomWanted {
  readonly tier: Tier;
  readonly refs: readonly WeightsRef[];
  readonly nowMs: number;
}

interface Victim {
  readonly hash: string;
  readonly sizeBytes: number;
  /** Milliseconds that keeping it is expected to save, a byte. */
  readonly worth: number;
}

/**
 * What a runner gives up so that these weights find room in a tier; null: there can be no room now. What tasks use and what
 * is being loaded stays. Of the rest goes first what is least worth a byte: milliseconds to load it again × how often it
 * is wanted here ÷ bytes, a model that others hold too being wanted here that much less often.
 */
export function chooseEvictions(
  cluster: Cluster,
  runner: Runner,
  { tier, refs, nowMs }: RoomWanted,
): string[] | null {
  const needed = tier === "device" ? [...neededByRunning(runner), ...refs] : refs;
  const kept = new Set(needed.map(({ hash }) => hash));
  const held = [...runner.models, ...runner.adapters].filter(([, one]) => isIn(one, tier));
  const unused = held.filter(([hash]) => !kept.has(hash));
  const capacity = tier === "device" ? runner.deviceBytes : runner.ramBytes;
  let over = neededBytes(runner, needed) + sumBytes(unused.map(([, one]) => one)) - capacity;
  if (over <= 0) return [];
  const victims = unused
    .filter(([, one]) => tier === "device" || !isUnderWay(one, nowMs))
    .map(([hash, one]) => toVictim(cluster, runner, { hash, one, tier, nowMs }))
    .toSorted(
      (first, second) => first.worth - second.worth || compareText(first.hash, second.hash),
    );
  const evicted: string[] = [];
  for (const { hash, sizeBytes } of victims) {
    if (over <= 0) break;
    evicted.push(hash);
    over -= sizeBytes;
  }
  return over <= 0 ? evicted : null;
}

function isIn(held: Held, tier: Tier): boolean {
  return tier === "device" ? held.onDevice : held.inRamAtMs !== null;
}

function isUnderWay({ inRamAtMs }: Held, nowMs: number): boolean {
  return inRamAtMs !== null && inRamAtMs > nowMs;
}

function toVictim(
  cluster: Cluster,
  runner: Runner,
  {
    hash,
    one,
    tier,
    nowMs,
  }: {
    readonly hash: string;
    readonly one: Held;
    readonly tier: Tier;
    readonly nowMs: number;
  },
): Victim {
  const { sizeBytes } = one;
  const { fromDiskMs, fromRamMs } = loadTimes(runner, { hash, sizeBytes });
  const reloadMs = tier === "device" && one.inRamAtMs !== null ? fromRamMs : fromDiskMs;
  const uses = cluster.uses.at(hash, nowMs) + (cluster.ready.model(hash)?.waiting ?? 0);
  const holders = cluster.fleet.holders(hash)?.size ?? 1;
  const copies = tier === "device" ? holders : holders ** 2;
  return { hash, sizeBytes, worth: (reloadMs * uses) / copies / Math.max(1, sizeBytes) };
}

function sumBytes(refs: readonly { readonly sizeBytes: number }[]): number {
  return refs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
