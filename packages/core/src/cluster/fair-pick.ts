import type { Candidate } from "./candidates.ts";
import type { ClusterOptions } from "./cluster-types.ts";
import { compareTurns } from "./turn.ts";

/**
 * Which of what a runner might begin it begins. Fairness comes first: whose workspace is more than `aheadMs` of device time
 * ahead of another's is not looked at, nor what has a lower priority than another of its workspace. Among the others the cheapest to begin goes first, against the time that it has
 * waited: a step has to wait longer than another by what its load takes and, where the runner would change models, by
 * `keepMs`. So every step is overtaken for a bounded time only. Equal ones go in fair order.
 */
export function fairPick(
  candidates: readonly Candidate[],
  { nowMs, options }: { readonly nowMs: number; readonly options: ClusterOptions },
): Candidate | undefined {
  const least = candidates.reduce(
    (charged, { turn }) => Math.min(charged, turn.chargedMs),
    Number.POSITIVE_INFINITY,
  );
  const costMs = ({ loadMs, isResident, turn }: Candidate) =>
    loadMs + (isResident ? 0 : options.keepMs) - (nowMs - turn.step.readyAtMs);
  const highest = new Map<string, number>();
  for (const { turn } of candidates) {
    const { workspaceId, priority } = turn.step;
    highest.set(workspaceId, Math.max(priority, highest.get(workspaceId) ?? priority));
  }
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    const { chargedMs, step } = candidate.turn;
    if (chargedMs > least + options.aheadMs) continue;
    if (step.priority < (highest.get(step.workspaceId) ?? step.priority)) continue;
    const order =
      best === undefined
        ? -1
        : costMs(candidate) - costMs(best) || compareTurns(candidate.turn, best.turn);
    if (order < 0) best = candidate;
  }
  return best;
}
