export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest of the values; 0 for none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
