import { houseTextToImage } from "@heddle/house-models";
import { afterAll, describe, expect, it } from "vitest";
import { houseModelsDirectory } from "../house-models-directory.ts";
import { noise } from "./noise.ts";
import { createWeights } from "../weights/create-weights.ts";
import { createDenoiser } from "./denoiser.ts";
import type { Painting } from "./painting.ts";
import { shapesOf } from "./shapes.ts";

const { depth, width } = houseTextToImage.config;
const { latentSize, text } = shapesOf(houseTextToImage);
const files = { model: houseTextToImage, directory: houseModelsDirectory() };

const adapter = {
  sha256: "ab".repeat(32),
  rank: 2,
  a: noise(1, depth * 2 * 7 * width).map((value) => value * 0.06),
  b: noise(2, depth * 2 * 9 * width).map((value) => value * 0.05),
};

/** Any that differ in all that a step depends on. */
const paintings = [1, 2, 3, 4, 5].map((seed): Painting => ({
  start: { kind: "noise" },
  text: noise(
    seed + 100,
    text.reduce((product, length) => product * length, 1),
  ),
  guidance: seed,
  adapters: seed % 2 === 0 ? [{ adapter, scale: 1 / seed }] : [],
  known: null,
  velocity: null,
  times: [1, 0.9 - seed / 10, 0],
  latent: noise(seed, latentSize),
  stepsDone: seed % 2,
}));

function useDenoiser(threads: number, limitBytes?: number) {
  const weights = createWeights({ limitBytes });
  const denoiser = createDenoiser(weights, { ...files, threads });
  afterAll(() => denoiser.close());
  return { weights, denoiser };
}

function largestDifference(first: Float32Array, second: Float32Array): number {
  return first.reduce((most, value, at) => Math.max(most, Math.abs(value - (second[at] ?? 0))), 0);
}

describe("lanes", () => {
  it("give each of two what it has alone, bit for bit, and of more to 1e-4, in their order", async () => {
    const { denoiser } = useDenoiser(2);
    const alone: Float32Array[] = [];
    for (const painting of paintings) alone.push(...(await denoiser.velocities([painting])));
    expect(await denoiser.openLanes()).toBe(true);
    expect(await denoiser.velocities(paintings.slice(0, 2))).toEqual(alone.slice(0, 2));
    const all = await denoiser.velocities(paintings);
    expect(all).toHaveLength(5);
    for (const [at, velocity] of all.entries()) {
      expect(largestDifference(velocity, alone[at] ?? new Float32Array())).toBeLessThan(1e-4);
    }
  });

  it("are opened once for all who ask, and are there until they are given up", async () => {
    const { weights, denoiser } = useDenoiser(2);
    expect(denoiser.hasLanes).toBe(false);
    expect(await Promise.all([denoiser.openLanes(), denoiser.openLanes()])).toEqual([true, true]);
    expect(denoiser.hasLanes).toBe(true);
    const sessions = weights.takeLoads().filter(({ tier }) => tier === "session");
    expect(sessions).toHaveLength(2);
    await denoiser.close();
    expect(denoiser.hasLanes).toBe(false);
  });

  it("are not opened where something would have to go for them, and then one run does for all", async () => {
    const { weights, denoiser } = useDenoiser(2, 100_000_000);
    expect(await denoiser.openLanes()).toBe(false);
    expect(await denoiser.velocities(paintings.slice(0, 2))).toHaveLength(2);
    expect(weights.takeLoads().filter(({ tier }) => tier === "session")).toHaveLength(1);
  });

  it("are not there for a single thread", async () => {
    const { denoiser } = useDenoiser(1);
    expect(await denoiser.openLanes()).toBe(false);
  });
});
