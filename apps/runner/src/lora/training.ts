import { noise } from "../text-to-image/noise.ts";
import { adamStep, clipNorm, createLearnt, type Learnt } from "./adam.ts";
import { adapterLayout, type Factors } from "./adapter.ts";

/** One picture to learn from, encoded; read only. */
export interface Example {
  /** channels × cells floats */
  readonly latent: Float32Array;
  /** Tokens × width floats of its caption. */
  readonly text: Float32Array;
}

export interface TrainingPlan {
  readonly examples: readonly Example[];
  readonly steps: number;
  readonly rank: number;
  /** Of learning, at its highest. */
  readonly rate: number;
  /** 0 to 2³² − 1 */
  readonly seed: number;
}

/** All that there is to know between two steps: every draw follows from seed and step, so chance has no state. */
export interface Training {
  readonly rank: number;
  readonly a: Learnt;
  readonly b: Learnt;
  stepsDone: number;
}

/** What the gradient is asked at: a picture mixed with noise, and the way from one to the other. */
export interface NoisyExample {
  readonly latent: Float32Array;
  /** 0 is the picture, 1 noise alone. */
  readonly timestep: number;
  readonly guidance: number;
  readonly text: Float32Array;
  /** noise − picture */
  readonly target: Float32Array;
}

/** Examples that one step learns from; their gradients are averaged. */
export const rowsPerStep = 4;
const longestWarmUp = 20;
const largestNorm = 1;

/** A is normal with the variance of one over its inputs, B is zero: at first, the network is as it was. */
export function beginTraining({ rank, seed }: TrainingPlan): Training {
  const { layers, inputs, outputs, unit } = adapterLayout;
  const a = noise(drawSeed(seed, 0, 0), layers * rank * inputs);
  const spread = Math.sqrt(unit);
  return {
    rank,
    a: createLearnt(a.map((value) => value / spread)),
    b: createLearnt(new Float32Array(layers * outputs * rank)),
    stepsDone: 0,
  };
}

export function factorsOf({ rank, a, b }: Training): Factors {
  return { rank, a: a.values, b: b.values };
}

/** The examples of the step that comes next: every picture as often as every other, give or take one. */
export function drawExamples(plan: TrainingPlan, { stepsDone }: Training): NoisyExample[] {
  return Array.from({ length: rowsPerStep }, (_, row) => {
    const visit = stepsDone * rowsPerStep + row;
    const example = plan.examples[pictureOf(plan, visit)];
    if (example === undefined) throw new RangeError("a training has examples");
    return mixExample(example, row, noiseOf(plan, { step: stepsDone + 1, row }));
  });
}

/** In each round over the pictures they come in another order. */
function pictureOf({ seed, examples }: TrainingPlan, visit: number): number {
  const round = Math.floor(visit / examples.length);
  // Rounds take the row after those of the examples, so that no two draws share a seed.
  const keys = noise(drawSeed(seed, round, rowsPerStep), examples.length);
  const order = [...keys.keys()].toSorted((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0));
  return order[visit % examples.length] ?? 0;
}

interface Draws {
  readonly fresh: Float32Array;
  /** Standard normal. */
  readonly level: number;
}

function noiseOf({ seed, examples }: TrainingPlan, at: { step: number; row: number }): Draws {
  const size = examples[0]?.latent.length ?? 0;
  const draws = noise(drawSeed(seed, at.step, at.row), size + 2);
  return { fresh: draws.subarray(0, size), level: draws[size] ?? 0 };
}

/** Half of the rows at no guidance, half at the usual one: the look must hold at both. */
function mixExample({ latent, text }: Example, row: number, { fresh, level }: Draws): NoisyExample {
  // Times lie where the layout and the look are decided: the same as when the network was trained.
  const timestep = Math.fround(1 / (1 + Math.exp(-(1.1 * level + 0.2))));
  const mixed = latent.map((value, at) => value + timestep * ((fresh[at] ?? 0) - value));
  const target = latent.map((value, at) => (fresh[at] ?? 0) - value);
  return { latent: mixed, timestep, guidance: row % 2 === 0 ? 1 : 3, text, target };
}

/** Seeds of `noise` are whole numbers below 2⁵³: 32 bits of seed, 16 of step, 4 of row. */
function drawSeed(seed: number, step: number, row: number): number {
  return (seed * 2 ** 16 + step) * 2 ** 4 + row;
}

/** What one example says about the factors. */
export interface Gradient {
  readonly loss: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** Takes the training one step further by the gradients of `drawExamples`; the mean of their losses. */
export function applyStep(
  plan: TrainingPlan,
  training: Training,
  gradients: readonly Gradient[],
): number {
  const a = meanOf(gradients.map((gradient) => gradient.a));
  const b = meanOf(gradients.map((gradient) => gradient.b));
  clipNorm([a, b], largestNorm);
  const step = training.stepsDone + 1;
  const rate = rateAt(plan, step);
  adamStep(training.a, a, { step, rate });
  adamStep(training.b, b, { step, rate });
  training.stepsDone = step;
  return gradients.reduce((sum, { loss }) => sum + loss, 0) / gradients.length;
}

/** Up over the first steps, level, and down to almost nothing over the second half. */
export function rateAt({ rate, steps }: TrainingPlan, step: number): number {
  const warmUp = Math.min(longestWarmUp, Math.ceil(steps / 5));
  return rate * Math.min(1, step / warmUp, 2.2 * (1 - (step - 1) / steps));
}

function meanOf(many: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(many[0]?.length ?? 0);
  for (const values of many) {
    for (let at = 0; at < mean.length; at += 1)
      mean[at] = (mean[at] ?? 0) + (values[at] ?? 0) / many.length;
  }
  return mean;
}
