import type { Candidate } from "./candidates.ts";
import { compareTurns } from "./turn.ts";

/** However many wait, a load counts no more often than this: so nothing is overtaken without end. */
const mostWeight = 4;

export interface PickOptions {
  readonly nowMs: number;
  /** Device time by which a workspace may be ahead, ms. */
  readonly aheadMs: number;
  readonly keepMs: number;
  /** Steps that wait, for each slot of the pool. */
  readonly behind: number;
}

/**
 * Which of what a runner might begin it begins. Fairness comes first: whose workspace is more than `aheadMs` of device time
 * ahead of another's is not looked at, nor what has a lower priority than another of its workspace. Among the others the cheapest to begin goes first, against the time that it has
 * waited: a step has to wait longer than another by what its load takes and, where the runner would change models, by
 * `keepMs`. So every step is overtaken for a bounded time only. Equal ones go in fair order.
 */
export function fairPick(
  candidates: readonly Candidate[],
  { nowMs, aheadMs, keepMs, behind }: PickOptions,
): Candidate | undefined {
  const least = candidates.reduce(
    (charged, { turn }) => Math.min(charged, turn.chargedMs),
    Number.POSITIVE_INFINITY,
  );
  const weight = Math.min(Math.max(1, behind), mostWeight);
  const costMs = ({ loadMs, isResident, turn }: Candidate) =>
    weight * (loadMs + (isResident ? 0 : keepMs)) - (nowMs - turn.step.readyAtMs);
  const highest = new Map<string, number>();
  for (const { turn } of candidates) {
    const { workspaceId, priority } = turn.step;
    highest.set(workspaceId, Math.max(priority, highest.get(workspaceId) ?? priority));
  }
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    const { chargedMs, step } = candidate.turn;
    if (chargedMs > least + aheadMs) continue;
    if (step.priority < (highest.get(step.workspaceId) ?? step.priority)) continue;
    const order =
      best === undefined
        ? -1
        : costMs(candidate) - costMs(best) || compareTurns(candidate.turn, best.turn);
    if (order < 0) best = candidate;
  }
  return best;
}
