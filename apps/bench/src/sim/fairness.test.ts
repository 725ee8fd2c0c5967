import { describe, expect, it } from "vitest";
import { measureFairness } from "./fairness.ts";
import { createZoo } from "./zoo.ts";

describe("fair share, simulated", () => {
  it("ten runs beside 10,000 of another workspace end nearly as soon as alone; equal workspaces get equal time", () => {
    const { sameModel, otherModel, jain } = measureFairness(createZoo(1));
    expect(sameModel).toBeLessThanOrEqual(1.5);
    expect(otherModel).toBeLessThanOrEqual(1.5);
    expect(jain).toBeGreaterThanOrEqual(0.95);
  });
});
