/** Numbers that are learnt, and what is kept of their gradients: the running mean and the running mean of the squares. */
export interface Learnt {
  readonly values: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

export function createLearnt(values: Float32Array): Learnt {
  const { length } = values;
  return { values, mean: new Float32Array(length), square: new Float32Array(length) };
}

const beta1 = 0.9;
const beta2 = 0.98;
const epsilon = 1e-8;
const weightDecay = 0.01;

export interface AdamStep {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
}

/** One step of AdamW (Loshchilov and Hutter, 2019) with bias correction, in place. */
export function adamStep(learnt: Learnt, gradient: Float32Array, { step, rate }: AdamStep): void {
  const { values, mean, square } = learnt;
  const keep = 1 - rate * weightDecay;
  const stride = rate / (1 - beta1 ** step);
  const spread = Math.sqrt(1 - beta2 ** step);
  for (let at = 0; at < values.length; at += 1) {
    const slope = gradient[at] ?? 0;
    const first = beta1 * (mean[at] ?? 0) + (1 - beta1) * slope;
    const second = beta2 * (square[at] ?? 0) + (1 - beta2) * slope * slope;
    mean[at] = first;
    square[at] = second;
    values[at] =
      (values[at] ?? 0) * keep - (stride * first) / (Math.sqrt(second) / spread + epsilon);
  }
}

/** Scales gradients together so that their common norm is at most `most`; the norm that they had. */
export function clipNorm(gradients: readonly Float32Array[], most: number): number {
  let sum = 0;
  for (const gradient of gradients) for (const value of gradient) sum += value * value;
  const norm = Math.sqrt(sum);
  if (norm <= most) return norm;
  for (const gradient of gradients) {
    for (let at = 0; at < gradient.length; at += 1)
      gradient[at] = ((gradient[at] ?? 0) * most) / norm;
  }
  return norm;
}
