import { percentile } from "../serve/statistics.ts";
import type { Outcome } from "./scenario.ts";

export interface NamedOutcome extends Outcome {
  readonly name: string;
  readonly title: string;
}

/** The table of the faults, in Markdown. */
export function formatOutcomes(outcomes: readonly NamedOutcome[]): string {
  const head =
    "| fault | runs | faults | lost | double-billed | stale commits | leases lost | recovery p50 / p99 | what it was |";
  const rule = `|${"---|".repeat(9)}`;
  return [head, rule, ...outcomes.map(row)].join("\n");
}

function row(outcome: NamedOutcome): string {
  const { title, runs, faults, lost, doubleBilled, staleCommits, lostLeases, note } = outcome;
  const cells = [title, runs, faults, lost, doubleBilled, staleCommits, lostLeases];
  return `| ${[...cells, recovery(outcome), note].join(" | ")} |`;
}

function recovery({ recoveriesMs }: Outcome): string {
  if (recoveriesMs.length === 0) return "–";
  const seconds = [50, 99].map((percent) => (percentile(recoveriesMs, percent) / 1000).toFixed(1));
  return `${seconds.join(" / ")} s`;
}
