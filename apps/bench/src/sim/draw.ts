/** Draws a rank, 0 the most popular. */
export interface Picker {
  /** Of all draws, by rank. */
  readonly shares: readonly number[];
  readonly pick: (random: () => number) => number;
}

/** Popularity that falls with rank by Zipf's law. */
export function createPicker(count: number, exponent: number): Picker {
  const weights = Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const upTo: number[] = [];
  let sum = 0;
  for (const share of shares) upTo.push((sum += share));
  return { shares, pick: (random) => place(upTo, random()) };
}

/** The first place whose bound is beyond the value. */
function place(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 1) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function drawExponential(random: () => number, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

export function drawNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The value below which a share of the normal distribution lies: by bisection on the logistic fit of Bowling et al. (2009), within 2 %. */
export function normalAt(share: number): number {
  let low = -4;
  let high = 4;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (1 / (1 + Math.exp(-0.07056 * middle ** 3 - 1.5976 * middle)) < share) low = middle;
    else high = middle;
  }
  return low;
}
