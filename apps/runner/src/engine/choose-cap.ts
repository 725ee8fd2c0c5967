/** A measured step: so many rows took so long. */
export interface StepTime {
  readonly rows: number;
  readonly ms: number;
}

/** What batching has to gain at least, as a share of the speed of one at a time. */
const leastGain = 0.03;

/**
 * How many rows a step should take at the most while so many wait: as many as make their mean time to the end shortest.
 * In groups of `rows`, the last of `waiting` has its turn after waiting ÷ rows of them, and whoever shares a step ends
 * with the last of its group; so the mean grows with (waiting + rows) · time of a row. One where batching gains less
 * than 3 %; a gain of 10 % is worth a longer step only where many wait, one of 33 % already for two.
 */
export function chooseCap(times: readonly StepTime[], waiting: number): number {
  const alone = times.find(({ rows }) => rows === 1);
  if (alone === undefined) return 1;
  let best = { rows: 1, mean: (waiting + 1) * alone.ms };
  for (const { rows, ms } of times) {
    const taken = Math.min(rows, Math.max(1, waiting));
    // A step that is not full takes no longer than a full one.
    const rowMs = ms / taken;
    const mean = (waiting + taken) * rowMs;
    if (rowMs * (1 + leastGain) <= alone.ms && mean < best.mean) best = { rows, mean };
  }
  return best.rows;
}
