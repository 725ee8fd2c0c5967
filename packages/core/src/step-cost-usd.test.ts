import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stepCostUsd, sumUsd } from "./step-cost-usd.ts";

const usage = { deviceMs: 1500, images: 4, megapixels: 2.5 };

describe("stepCostUsd", () => {
  it("counts device seconds, images or megapixels", () => {
    expect(stepCostUsd({ unit: "second", usd: 0.0002 }, usage)).toBe(0.0003);
    expect(stepCostUsd({ unit: "image", usd: 0.01 }, usage)).toBe(0.04);
    expect(stepCostUsd({ unit: "megapixel", usd: 0.002 }, usage)).toBe(0.005);
  });

  it("has at most 8 decimals and is never negative", () => {
    expect(stepCostUsd({ unit: "second", usd: 1 / 3 }, { ...usage, deviceMs: 1000 })).toBe(
      0.33333333,
    );
    expect(stepCostUsd({ unit: "second", usd: 1 }, { ...usage, deviceMs: -5 })).toBe(0);
  });
});

describe("sumUsd", () => {
  it("adds without drift: costs of steps sum to the run's, in any order", () => {
    const amounts = fc.array(
      fc.nat(1e9).map((units) => units / 1e8),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(amounts, (all) => {
        expect(sumUsd(all)).toBe(sumUsd([...all].reverse()));
        expect(Number.isInteger(Math.round(sumUsd(all) * 1e8))).toBe(true);
      }),
    );
    expect(sumUsd([0.1, 0.2])).toBe(0.3);
  });
});
