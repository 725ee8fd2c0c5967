/** A measured step: so many rows took so long. */
export interface StepTime {
  readonly rows: number;
  readonly ms: number;
}

/** What batching has to gain at least, as a share of the speed of one at a time. */
const leastGain = 0.03;

/**
 * How many rows a step should take at the most: the fewest that are within 3 % of the best speed a row, since whoever is
 * in a larger batch waits longer; and one where batching does not gain 3 %.
 */
export function chooseCap(times: readonly StepTime[]): number {
  const speeds = times.map(({ rows, ms }) => ({ rows, perMs: rows / ms }));
  const alone = speeds.find(({ rows }) => rows === 1)?.perMs ?? 0;
  const best = Math.max(...speeds.map(({ perMs }) => perMs));
  if (best < alone * (1 + leastGain)) return 1;
  const enough = speeds.filter(({ perMs }) => perMs >= best * (1 - leastGain));
  return Math.min(...enough.map(({ rows }) => rows));
}
