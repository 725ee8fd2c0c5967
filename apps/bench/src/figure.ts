/** One measured number. Names are stable, dotted, with the unit last: `overhead.node_to_node_p50_ms`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the plain way gives, measured in the same run. */
  readonly baseline?: number;
  /** What physics or the layer below allows, measured in the same run. */
  readonly floor?: number;
  readonly goal?: number;
}

export interface BenchResult {
  readonly figures: readonly Figure[];
  /** For people: what was measured, how, and the numbers. */
  readonly table: string;
}

/** The figures as an aligned text table. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    format(figure.value),
    figure.unit,
    format(figure.baseline),
    format(figure.floor),
    format(figure.goal),
  ]);
  const all = [["figure", "value", "unit", "baseline", "floor", "goal"], ...rows];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => (row[column] ?? "").length)),
  );
  return all
    .map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join("  "))
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 2 ? cell.padEnd(width) : cell.padStart(width);
}

function format(value: number | undefined): string {
  if (value === undefined) return "";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toPrecision(3);
}
