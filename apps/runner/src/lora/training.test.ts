import { describe, expect, it } from "vitest";
import { noise } from "../text-to-image/noise.ts";
import {
  applyStep,
  beginTraining,
  drawExamples,
  factorsOf,
  rateAt,
  rowsPerStep,
  type TrainingPlan,
} from "./training.ts";
import { readTrainingState, writeTrainingState } from "./training-state.ts";

/** Latents of 64 numbers, each picture's all of one size: its number. */
const examples = Array.from({ length: 6 }, (_, picture) => ({
  latent: new Float32Array(64).fill(picture + 1),
  text: Float32Array.of(picture),
}));
const plan: TrainingPlan = { examples, steps: 100, rank: 2, rate: 0.004, seed: 7 };

/** A step that needs no network: the gradient of the distance to fixed factors. */
function stepTowards(goal: Float32Array, training = beginTraining(plan)): void {
  const { a, b } = factorsOf(training);
  const slope = (values: Float32Array) => values.map((value, at) => value - (goal[at] ?? 0));
  applyStep(plan, training, [{ loss: 1, a: slope(a), b: slope(b) }]);
}

const goal = noise(3, beginTraining(plan).a.values.length);

describe("the examples of a step", () => {
  it("are drawn by seed and step alone", () => {
    const [first, again] = [beginTraining(plan), beginTraining(plan)];
    expect(drawExamples(plan, first)).toEqual(drawExamples(plan, again));
    again.stepsDone = 1;
    expect(drawExamples(plan, first)).not.toEqual(drawExamples(plan, again));
    expect(drawExamples({ ...plan, seed: 8 }, first)).not.toEqual(drawExamples(plan, first));
  });

  it("come from every picture equally often, in changing order", () => {
    const training = beginTraining(plan);
    const pictures: number[] = [];
    for (training.stepsDone = 0; training.stepsDone < 9; training.stepsDone += 1)
      pictures.push(...drawExamples(plan, training).map(({ text }) => text[0] ?? -1));
    const rounds = Array.from({ length: 6 }, (_, round) =>
      pictures.slice(round * 6, round * 6 + 6),
    );
    for (const round of rounds) expect(new Set(round)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(3);
  });

  it("lie between picture and noise, and ask for the way from one to the other", () => {
    for (const { latent, target, timestep, text } of drawExamples(plan, beginTraining(plan))) {
      const picture = (text[0] ?? 0) + 1;
      expect(timestep).toBeGreaterThan(0);
      expect(timestep).toBeLessThan(1);
      for (const [at, value] of latent.entries())
        expect(value - timestep * (target[at] ?? 0)).toBeCloseTo(picture, 4);
    }
  });

  it("are half without guidance and half at the usual one, at times as the network was trained with", () => {
    const training = beginTraining(plan);
    const times: number[] = [];
    for (training.stepsDone = 0; training.stepsDone < 100; training.stepsDone += 1) {
      const rows = drawExamples(plan, training);
      expect(rows.map(({ guidance }) => guidance)).toEqual([1, 3, 1, 3]);
      times.push(...rows.map(({ timestep }) => timestep));
    }
    times.sort((one, other) => one - other);
    // sigmoid(0.2), and sigmoid(0.2 ± 1.1) at 16 and 84 %.
    expect(times).toHaveLength(100 * rowsPerStep);
    expect(times[200]).toBeCloseTo(0.55, 1);
    expect(times[64]).toBeCloseTo(0.289, 1);
    expect(times[336]).toBeCloseTo(0.786, 1);
  });
});

describe("a step", () => {
  it("begins where the network is as it was: B is zero, A is not", () => {
    const { a, b } = beginTraining(plan);
    expect(b.values.every((value) => value === 0)).toBe(true);
    const size = Math.hypot(...a.values.subarray(0, 4096)) / 64;
    expect(size).toBeCloseTo(1 / 16, 2);
  });

  it("learns by the mean of its examples", () => {
    const [one, other] = [beginTraining(plan), beginTraining(plan)];
    const gradient = (scale: number) => {
      const of = (seed: number, length: number) => noise(seed, length).map((x) => x * scale * 1e-6);
      return { loss: scale, a: of(1, one.a.values.length), b: of(2, one.b.values.length) };
    };
    expect(applyStep(plan, one, [gradient(1), gradient(3)])).toBe(2);
    expect(applyStep(plan, other, [gradient(2)])).toBe(2);
    for (const [at, value] of one.b.values.subarray(0, 500).entries())
      expect(value).toBeCloseTo(other.b.values[at] ?? 0, 6);
  });

  it("is taken at a rate that rises, stays, and falls to nearly nothing", () => {
    const rates = Array.from({ length: 100 }, (_, at) => rateAt(plan, at + 1) / plan.rate);
    expect(rates[0]).toBeCloseTo(1 / 20);
    expect(rates.slice(19, 50).every((rate) => rate === 1)).toBe(true);
    expect(rates.at(-1)).toBeCloseTo(0.022);
    expect(rateAt({ ...plan, steps: 20 }, 4)).toBe(plan.rate);
  });
});

describe("a state that is kept", () => {
  it("goes on bit for bit as if it had not been", () => {
    const whole = beginTraining(plan);
    for (let step = 0; step < 8; step += 1) stepTowards(goal, whole);
    let training = beginTraining(plan);
    const sample = { sha256: "ab".repeat(32), sizeBytes: 1, contentType: "image/png" };
    for (let step = 0; step < 8; step += 1) {
      stepTowards(goal, training);
      const state = readTrainingState(writeTrainingState({ training, samples: [sample] }), 2);
      expect(state?.samples).toEqual([sample]);
      training = state?.training ?? beginTraining(plan);
    }
    expect(training).toEqual(whole);
  });

  it("counts as none when it is of another rank, cut, or something else", () => {
    const training = beginTraining(plan);
    stepTowards(goal, training);
    const bytes = writeTrainingState({ training, samples: [] });
    expect(readTrainingState(bytes, 2)).not.toBeNull();
    expect(readTrainingState(bytes, 4)).toBeNull();
    for (const size of [0, 3, 10, 100, bytes.length - 4])
      expect(readTrainingState(bytes.subarray(0, size), 2)).toBeNull();
    expect(readTrainingState(Buffer.alloc(1000, 0xff), 2)).toBeNull();
  });
});
