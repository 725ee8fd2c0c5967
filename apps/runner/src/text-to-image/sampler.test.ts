import { houseTextToImage } from "@heddle/house-models";
import { describe, expect, it } from "vitest";
import { noise } from "./noise.ts";
import { freeCells } from "./painting.ts";
import { RecentValues } from "./recent-values.ts";
import { schedule } from "./schedule.ts";
import { reference } from "./testing/reference.ts";

describe("the noise", () => {
  it.each(reference.noise)("of seed $seed is that of the reference", ({ seed, values }) => {
    const made = noise(seed, values.length);
    for (const [at, value] of values.entries()) expect(made[at]).toBeCloseTo(value, 6);
    // An odd count is the same numbers, one fewer.
    expect(noise(seed, 5)).toEqual(made.subarray(0, 5));
  });

  it("is standard normal", () => {
    const many = noise(7, 20_000);
    const mean = many.reduce((sum, value) => sum + value, 0) / many.length;
    const variance = many.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  });
});

describe("the schedule", () => {
  it.each(reference.times)(
    "of $steps steps from $strength is that of the reference",
    ({ steps, strength, values }) => {
      const made = schedule({ steps, strength, shift: houseTextToImage.sampler.shift });
      expect(made).toHaveLength(steps + 1);
      for (const [at, value] of values.entries()) expect(made[at]).toBeCloseTo(value, 12);
    },
  );
});

describe("a mask on the latent grid", () => {
  it("frees a cell as soon as one of its pixels is free", () => {
    const mask = new Uint8Array(16 * 16);
    mask[9 * 16 + 3] = 51;
    expect([...freeCells(mask, 16)]).toEqual([0, 0, Math.fround(0.2), 0]);
  });
});

describe("recent values", () => {
  it("forgets what was not asked for longest", () => {
    const values = new RecentValues<number>(2);
    values.set("a", 1);
    values.set("b", 2);
    expect(values.get("a")).toBe(1);
    values.set("c", 3);
    expect([values.get("a"), values.get("b"), values.get("c"), values.size]).toEqual([
      1,
      undefined,
      3,
      2,
    ]);
  });
});
