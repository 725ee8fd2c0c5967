import { describe, expect, it } from "vitest";
import { chooseCap } from "./choose-cap.ts";

const times = (...ms: number[]) => ms.map((each, at) => ({ rows: 2 ** at, ms: each }));

describe("the cap of a batch", () => {
  it("is one where batching loses, or gains next to nothing", () => {
    expect(chooseCap(times(60, 130, 270))).toBe(1);
    expect(chooseCap(times(60, 118, 236))).toBe(1);
  });

  it("is where the speed is best", () => {
    expect(chooseCap(times(60, 70, 90, 180))).toBe(4);
  });

  it("is no larger than that takes: who is in a larger batch waits longer", () => {
    expect(chooseCap(times(60, 80, 158, 315))).toBe(2);
  });

  it("is one while nothing is known", () => {
    expect(chooseCap([{ rows: 1, ms: 60 }])).toBe(1);
  });
});
