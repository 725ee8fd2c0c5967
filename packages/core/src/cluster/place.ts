import type { Cluster } from "./cluster.ts";
import { isFree, modelOf, type ReadyStep, type Runner } from "./cluster-types.ts";
import type { Holder } from "./fleet.ts";
import { neededBy, neededByRunning, stepLoadMs } from "./load-ms.ts";
import { neededBytes } from "./needed-bytes.ts";

export type Placement =
  | { readonly type: "start"; readonly loadMs: number }
  /** Another runner, which holds the model, ends what waits of it sooner than this one could by loading it. */
  | { readonly type: "leave"; readonly runnerId: string; readonly untilMs: number };

/** What was left is looked at again after this time at the earliest: who asks again at once only asks more often. */
const lookAgainMs = 1_000;

/**
 * Whether a runner should begin a step, by earliest completion: wait + load + service, the service being the same on both
 * sides. It takes the step when its load ends before the others would have begun the last step that waits of the model:
 * with one step less in their line, each of those behind it starts earlier. After `patienceMs` nothing is left any more.
 */
export function place(
  cluster: Cluster,
  runner: Runner,
  { step, nowMs }: { readonly step: ReadyStep; readonly nowMs: number },
): Placement {
  const start = { type: "start", loadMs: stepLoadMs(runner, step, nowMs) } as const;
  const hash = modelOf(step);
  if (hash === "" || runner.models.get(hash)?.onDevice === true) return start;
  if (nowMs >= step.readyAtMs + cluster.options.patienceMs) return start;
  const holders = cluster.fleet.holders(hash);
  const other = holders?.first(
    (holder) => holder.runner.id !== runner.id && couldRun(holder.runner, step),
  );
  if (holders === undefined || other === undefined) return start;
  const others = holders.size - (runner.models.has(hash) ? 1 : 0);
  const behindMs = ((cluster.ready.model(hash)?.backlogMs ?? 0) - step.serviceMs) / others;
  const lastStartMs = Math.max(nowMs, other.startMs) + Math.max(0, behindMs);
  if (nowMs + start.loadMs <= lastStartMs) return start;
  const untilMs = Math.min(
    Math.max(nowMs + lookAgainMs, other.startMs),
    step.readyAtMs + cluster.options.patienceMs,
  );
  return { type: "leave", runnerId: other.runner.id, untilMs };
}

/** The runner with a free slot that should be asked first to take a step which has become READY. */
export function chooseFreeRunner(cluster: Cluster, step: ReadyStep): Runner | undefined {
  const canRun = ({ runner }: Holder) => canRunNow(runner, step);
  const holder = cluster.fleet.holders(modelOf(step))?.peek();
  if (holder !== undefined && isFree(holder.runner) && canRun(holder)) return holder.runner;
  return cluster.fleet.free.first(canRun)?.runner;
}

/** Whether a runner has the op, and the memory for a step's weights beside those of the tasks that it runs. */
export function canRunNow(runner: Runner, step: ReadyStep): boolean {
  return runner.ops.has(step.op) && fits(runner, step);
}

/** Whether it would, once none of them ran any more. */
export function couldRun(runner: Runner, step: ReadyStep): boolean {
  return runner.ops.has(step.op) && neededBytes(runner, neededBy(step)) <= runner.deviceBytes;
}

/** Whether the device has the memory for a step's weights beside those of the tasks that run there. */
export function fits(runner: Runner, step: ReadyStep): boolean {
  const { running, deviceBytes } = runner;
  const refs =
    running.length === 0 ? neededBy(step) : [...neededByRunning(runner), ...neededBy(step)];
  return neededBytes(runner, refs) <= deviceBytes;
}
