import { headFor } from "./candidates.ts";
import type { Cluster } from "./cluster.ts";
import type { ReadyStep, Runner } from "./cluster-types.ts";
import type { ReadyModel } from "./ready-index.ts";
import { canRunNow, couldRun } from "./place.ts";

/**
 * Whether a runner begins nothing for now, so that a step which is too large to fit beside what it runs can begin once that
 * has ended. Small steps would keep it out for ever. One runner is kept free for it, the one with a free slot that has had
 * it longest, and only after `patienceMs`.
 */
export function isKeptFree(cluster: Cluster, runner: Runner, nowMs: number): boolean {
  if (runner.running.length === 0) return false;
  const isFor = (step: ReadyStep) =>
    nowMs >= step.readyAtMs + cluster.options.patienceMs &&
    couldRun(runner, step) &&
    !canRunNow(runner, step) &&
    cluster.fleet.soonest.first((other) => couldRun(other.runner, step))?.runner === runner;
  const waits = ({ model }: { readonly model: ReadyModel }) => headFor(model, isFor) !== undefined;
  return cluster.orphans.first(waits) !== undefined || cluster.crowds.first(waits) !== undefined;
}
