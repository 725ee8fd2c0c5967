import { describe, expect, it } from "vitest";
import { createTraffic, meanServiceMs, type SimRequest } from "./traffic.ts";
import { createZoo } from "./zoo.ts";

const zoo = createZoo(1);
/** About 32 runners' worth: 20,000 requests in nearly two hours. */
const perSecond = 3;
const traffic = createTraffic(zoo, { seed: 1, requests: 20_000, perSecond });

function median(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0;
}

function shareOf(passes: (request: SimRequest) => boolean): number {
  return traffic.filter(passes).length / traffic.length;
}

/** Of the uses, those of the first ranks. */
function topShare(hashes: readonly string[], count: number): number {
  const uses = new Map<string, number>();
  for (const hash of hashes) uses.set(hash, (uses.get(hash) ?? 0) + 1);
  const sorted = [...uses.values()].toSorted((first, second) => second - first);
  return sorted.slice(0, count).reduce((sum, one) => sum + one, 0) / hashes.length;
}

/** Variance over mean of the counts in ten minutes, from many runs of an hour. */
function dispersionOf(seeds: number): number {
  const counts = Array.from({ length: seeds }, (_, place) => {
    const requests = createTraffic(zoo, { seed: 100 + place, requests: 4_000, perSecond });
    return requests.filter(({ atMs }) => atMs >= 600_000 && atMs < 1_200_000).length;
  });
  const mean = counts.reduce((sum, one) => sum + one, 0) / counts.length;
  return counts.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (counts.length - 1) / mean;
}

describe("the traffic", () => {
  it("has the published popularity of models and LoRAs", () => {
    const models = traffic.map(({ model }) => model.ref.hash);
    expect(topShare(models, 5)).toBeGreaterThan(0.64);
    expect(topShare(models, 5)).toBeLessThan(0.76);
    expect(topShare(models, 10)).toBeGreaterThan(0.75);
    expect(topShare(models, 10)).toBeLessThan(0.87);
    const adapters = traffic.flatMap((request) => request.adapters.map(({ ref }) => ref.hash));
    expect(topShare(adapters, 10)).toBeGreaterThan(0.25);
    expect(topShare(adapters, 10)).toBeLessThan(0.37);
    expect(topShare(adapters, 100)).toBeGreaterThan(0.62);
    expect(topShare(adapters, 100)).toBeLessThan(0.76);
    expect(zoo.models).toHaveLength(105);
    expect(zoo.adapters).toHaveLength(874);
  });

  it("has the published shares: 22 % with a LoRA, 2.7 images, 72 % that keep the checkpoint", () => {
    expect(shareOf(({ adapters }) => adapters.length > 0)).toBeCloseTo(0.22, 1);
    const images = traffic.reduce((sum, request) => sum + request.images, 0) / traffic.length;
    expect(images).toBeCloseTo(2.7, 1);
    const last = new Map<string, string>();
    let [kept, again] = [0, 0];
    for (const { userId, model } of traffic) {
      const before = last.get(userId);
      if (before !== undefined) again += 1;
      if (before === model.ref.hash) kept += 1;
      last.set(userId, model.ref.hash);
    }
    expect(kept / again).toBeGreaterThan(0.7);
    expect(kept / again).toBeLessThan(0.74);
  });

  it("has the published load times, and less than a second from RAM", () => {
    const models = traffic.map(({ model }) => model.loadTimes);
    expect(median(models.map(({ fromDiskMs }) => fromDiskMs))).toBeCloseTo(22_700, -3);
    expect(median(models.map(({ fromRamMs }) => fromRamMs))).toBeGreaterThan(600);
    expect(median(models.map(({ fromRamMs }) => fromRamMs))).toBeLessThan(1_000);
    const adapters = traffic.flatMap((request) => request.adapters.map((one) => one.loadTimes));
    expect(median(adapters.map(({ fromDiskMs }) => fromDiskMs))).toBeGreaterThan(4_000);
    expect(median(adapters.map(({ fromDiskMs }) => fromDiskMs))).toBeLessThan(4_800);
  });

  it("comes by chance within the hour, and in swells over ten minutes: variation 1.02, dispersion 27", () => {
    const hour = traffic.filter(({ atMs }) => atMs < 3_600_000);
    const gaps = hour.slice(1).map(({ atMs }, place) => atMs - (hour[place]?.atMs ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.97);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.15);
    const dispersion = dispersionOf(120);
    expect(dispersion).toBeGreaterThan(27 * 0.7);
    expect(dispersion).toBeLessThan(27 * 1.3);
  });

  it("asks for the device time that loads are counted in", () => {
    const mean = traffic.reduce((sum, request) => sum + request.serviceMs, 0) / traffic.length;
    expect(mean / meanServiceMs()).toBeGreaterThan(0.97);
    expect(mean / meanServiceMs()).toBeLessThan(1.03);
  });

  it("is the same for the same seed, and the same users come at another rate", () => {
    const options = { seed: 1, requests: 20_000, perSecond };
    expect(createTraffic(zoo, options)).toEqual(traffic);
    const faster = createTraffic(zoo, { ...options, perSecond: 2 * perSecond });
    const of = (requests: readonly SimRequest[]) =>
      new Map(requests.map(({ id, serviceMs }) => [id, serviceMs]));
    const [slow, quick] = [of(traffic), of(faster)];
    const both = [...slow].filter(([id]) => quick.has(id));
    expect(both.length).toBeGreaterThan(15_000);
    expect(both.every(([id, serviceMs]) => quick.get(id) === serviceMs)).toBe(true);
  });
});
