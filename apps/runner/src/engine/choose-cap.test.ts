import { describe, expect, it } from "vitest";
import { chooseCap } from "./choose-cap.ts";

const times = (...ms: number[]) => ms.map((each, at) => ({ rows: 2 ** at, ms: each }));

describe("the cap of a batch", () => {
  it("is one where batching loses, or gains next to nothing, however many wait", () => {
    expect(chooseCap(times(60, 130, 270), 1_000)).toBe(1);
    expect(chooseCap(times(60, 118, 236), 1_000)).toBe(1);
  });

  it("grows with who waits, where a batch is as quick as one", () => {
    const constant = times(60, 61, 62, 63);
    expect([1, 2, 3, 4, 8, 50].map((waiting) => chooseCap(constant, waiting))).toEqual([
      1, 2, 4, 4, 8, 8,
    ]);
  });

  it("is one where the gain is small and few wait: sharing would end all of them late", () => {
    // As measured on two cores.
    const small = times(66, 125, 230, 572);
    expect([2, 4, 8, 12].map((waiting) => chooseCap(small, waiting))).toEqual([1, 1, 1, 1]);
    expect(chooseCap(small, 100)).toBe(4);
  });

  it("is one while nothing is known", () => {
    expect(chooseCap([], 9)).toBe(1);
    expect(chooseCap(times(60), 9)).toBe(1);
  });

  it("never makes the mean time to the end longer than one at a time does", () => {
    for (const four of [70, 100, 150, 200, 230, 260]) {
      for (let waiting = 1; waiting <= 40; waiting += 1) {
        const measured = [...times(60), { rows: 4, ms: four }];
        const cap = chooseCap(measured, waiting);
        const ms = cap === 1 ? 60 : four;
        expect(meanTime(waiting, cap, ms)).toBeLessThanOrEqual(meanTime(waiting, 1, 60));
      }
    }
  });
});

/** Of requests of one step that wait at once and take it in groups; the last group may be short. */
function meanTime(waiting: number, rows: number, ms: number): number {
  let sum = 0;
  for (let at = 0; at < waiting; at += 1) sum += (Math.floor(at / rows) + 1) * ms;
  return sum / waiting;
}
