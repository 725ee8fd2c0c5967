interface ScheduleOptions {
  readonly steps: number;
  /** Where it starts: 1 is noise alone, 0 the picture alone. */
  readonly strength: number;
  /** More than 1 spends more steps where the layout is decided. */
  readonly shift: number;
}

/** Times from `strength` down to 0, `steps` + 1 numbers: t = shift · u / (1 + (shift − 1) · u) of even u (Esser et al., 2024). */
export function schedule({ steps, strength, shift }: ScheduleOptions): number[] {
  const start = strength / (shift - (shift - 1) * strength);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const even = start * (1 - step / steps);
    return (shift * even) / (1 + (shift - 1) * even);
  });
}
