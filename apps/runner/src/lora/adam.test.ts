import { describe, expect, it } from "vitest";
import { adamStep, clipNorm, createLearnt } from "./adam.ts";
import reference from "./testing/adam-reference.json" with { type: "json" };

describe("AdamW", () => {
  it("goes where PyTorch's goes, step by step, at a changing rate", () => {
    const learnt = createLearnt(Float32Array.from(reference.start));
    for (const [index, { rate, gradient, values }] of reference.steps.entries()) {
      adamStep(learnt, Float32Array.from(gradient), { step: index + 1, rate });
      for (const [at, value] of values.entries()) {
        expect(Math.abs((learnt.values[at] ?? 0) - value)).toBeLessThan(1e-6);
      }
    }
  });

  it("moves each number by the rate at first, whatever the size of its gradient", () => {
    const learnt = createLearnt(new Float32Array(3));
    adamStep(learnt, Float32Array.of(1e-4, -1, 1e4), { step: 1, rate: 0.5 });
    for (const value of learnt.values) expect(Math.abs(value)).toBeCloseTo(0.5, 3);
  });
});

describe("clipping", () => {
  it("keeps the direction and bounds the common norm", () => {
    const [a, b] = [Float32Array.of(3, 4), Float32Array.of(12)];
    expect(clipNorm([a, b], 1)).toBe(13);
    expect(Math.hypot(...a, ...b)).toBeCloseTo(1, 6);
    expect((a[0] ?? 0) / (b[0] ?? 1)).toBeCloseTo(3 / 12, 6);
  });

  it("leaves small gradients as they are", () => {
    const small = Float32Array.of(0.3, 0.4);
    expect(clipNorm([small], 1)).toBeCloseTo(0.5, 6);
    expect(small).toEqual(Float32Array.of(0.3, 0.4));
  });
});
