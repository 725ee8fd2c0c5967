import type { Cluster } from "./cluster.ts";
import { modelOf, type ReadyStep, type Runner } from "./cluster-types.ts";
import { loadMs, neededBy, stepLoadMs } from "./load-ms.ts";
import { couldRun } from "./place.ts";

export type Admission =
  /** When it should be done, ms. */
  | { readonly type: "admitted"; readonly doneMs: number }
  /** It could only be done too late: better told now. */
  | { readonly type: "too_late"; readonly doneMs: number }
  /** No runner has the op and the memory. */
  | { readonly type: "no_runner" };

/**
 * Whether a step can be done by its deadline, asked before it is taken in. Its wait is its fair share of the backlog: what
 * its own workspace has waiting times the number of workspaces that wait, or everything that waits, whichever is less. It
 * runs where the model is, behind what waits of that model, or where it has to be loaded, whichever ends sooner.
 */
export function admit(cluster: Cluster, step: ReadyStep, nowMs: number): Admission {
  const { ready, fleet } = cluster;
  const canRun = ({ runner }: { readonly runner: Runner }) => couldRun(runner, step);
  const soonest = fleet.soonest.first(canRun);
  if (soonest === undefined) return { type: "no_runner" };
  const own = ready.knownAccount(step.workspaceId);
  const active = ready.activeWorkspaces + (own?.isShown === true ? 0 : 1);
  const fairMs = ((own?.backlogMs ?? 0) + step.serviceMs) * active - step.serviceMs;
  const shareMs = Math.min(ready.backlogMs, fairMs) / Math.max(1, fleet.slots);
  const soonestMs = Math.max(nowMs, soonest.startMs) + shareMs;
  const cold = soonestMs + stepLoadMs(soonest.runner, step, nowMs);
  const doneMs = Math.min(cold, warmStartMs(cluster, step, soonestMs)) + step.serviceMs;
  const isInTime = step.deadlineMs === null || doneMs <= step.deadlineMs;
  return { type: isInTime ? "admitted" : "too_late", doneMs };
}

function warmStartMs(cluster: Cluster, step: ReadyStep, soonestMs: number): number {
  const hash = modelOf(step);
  const holders = cluster.fleet.holders(hash);
  const first = holders?.first(({ runner }) => couldRun(runner, step));
  if (holders === undefined || first === undefined) return Number.POSITIVE_INFINITY;
  const behindMs = (cluster.ready.model(hash)?.backlogMs ?? 0) / holders.size;
  const others = neededBy(step).filter((ref) => ref.hash !== hash);
  const otherLoadMs = others.reduce(
    (sum, ref) => sum + loadMs(first.runner, ref, first.startMs),
    0,
  );
  return Math.max(soonestMs, first.startMs + behindMs) + otherLoadMs;
}
