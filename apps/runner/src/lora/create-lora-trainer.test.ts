import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noise } from "../text-to-image/noise.ts";
import { readReferencePixels } from "../text-to-image/testing/reference.ts";
import { createHouseLoraTrainer } from "./create-house-lora-trainer.ts";
import { train } from "./train.ts";
import {
  beginTraining,
  drawExamples,
  factorsOf,
  type Example,
  type NoisyExample,
  type Training,
  type TrainingPlan,
} from "./training.ts";
import { randomFactors } from "./testing/random-factors.ts";

const trainer = createHouseLoraTrainer(2);
afterAll(() => trainer.close());

const captions = {
  boat: "a red sailing boat at sea at dusk",
  windmill: "a windmill in the fields by day",
};
const examples: Example[] = [];
beforeAll(async () => {
  for (const [name, caption] of Object.entries(captions))
    examples.push(await trainer.encode({ pixels: await readReferencePixels(name), caption }));
});

describe("the gradient graph", () => {
  it("says how the loss changes when the factors do", async () => {
    const [example] = examplesAt(beginTraining(planOf({ rank: 2 })), 1);
    const factors = randomFactors(5, 2, 0.02);
    const { a, b } = await trainer.gradient(example, factors);
    const [alongA, alongB] = [noise(8, a.length), noise(9, b.length)];
    const length = 2e-4;
    const lossAt = async (share: number) => {
      const moved = {
        rank: 2,
        a: factors.a.map((value, at) => value + share * (alongA[at] ?? 0)),
        b: factors.b.map((value, at) => value + share * (alongB[at] ?? 0)),
      };
      return (await trainer.gradient(example, moved)).loss;
    };
    const measured = ((await lossAt(length)) - (await lossAt(-length))) / (2 * length);
    const told = dot(a, alongA) + dot(b, alongB);
    expect(Math.abs(measured - told)).toBeLessThan(0.02 * Math.abs(told));
  });

  it("has no slope for A while B is zero, and one for B", async () => {
    const training = beginTraining(planOf({ rank: 1 }));
    const [example] = examplesAt(training, 1);
    const { a, b } = await trainer.gradient(example, factorsOf(training));
    expect(a.every((value) => value === 0)).toBe(true);
    expect(Math.hypot(...b.subarray(0, 2000))).toBeGreaterThan(0);
  });
});

describe("training", () => {
  it("lowers the loss on its pictures at noise that it has not seen, and can be stopped within a step", async () => {
    const plan = planOf({ rank: 4, steps: 4, rate: 0.01 });
    const training = beginTraining(plan);
    const before = await lossOn(training);
    const stop = new AbortController();
    const losses: number[] = [];
    const onStep = async (loss: number) => {
      losses.push(loss);
      if (losses.length === 2) stop.abort(new Error("enough"));
    };
    const options = { plan, training, onStep };
    await expect(train(trainer, { ...options, signal: stop.signal })).rejects.toThrow("enough");
    expect(training.stepsDone).toBe(2);
    await train(trainer, { ...options, signal: new AbortController().signal });
    expect([training.stepsDone, losses.length]).toEqual([4, 4]);
    expect(await lossOn(training)).toBeLessThan(0.9 * before);
  });
});

function planOf(settings: Partial<TrainingPlan>): TrainingPlan {
  return { examples, steps: 10, rank: 4, rate: 0.004, seed: 1, ...settings };
}

function examplesAt(training: Training, seed: number): [NoisyExample, ...NoisyExample[]] {
  const [first, ...rest] = drawExamples(planOf({ seed }), { ...training, stepsDone: 0 });
  if (first === undefined) throw new Error("a step has examples");
  return [first, ...rest];
}

async function lossOn(training: Training): Promise<number> {
  let sum = 0;
  for (const example of examplesAt(training, 99))
    sum += (await trainer.gradient(example, factorsOf(training))).loss;
  return sum / 4;
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}
