import type { Cluster } from "./cluster.ts";
import { isFree, modelOf, type ReadyStep, type Runner } from "./cluster-types.ts";
import type { Holder } from "./fleet.ts";
import { neededBy, neededByRunning, stepLoadMs } from "./load-ms.ts";
import { neededBytes } from "./needed-bytes.ts";

export type Placement =
  | { readonly type: "start"; readonly loadMs: number }
  /** Another runner, which holds the model, ends what waits of it sooner than this one could by loading it. */
  | { readonly type: "leave"; readonly runnerId: string; readonly untilMs: number }
  /** It has to be read from disk first, which needs no device. */
  | { readonly type: "read"; readonly untilMs: number };

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
  const { patienceMs, readsAhead } = cluster.options;
  const start = { type: "start", loadMs: stepLoadMs(runner, step, nowMs) } as const;
  const patientUntilMs = step.readyAtMs + patienceMs;
  if (start.loadMs === 0 || nowMs >= patientUntilMs) return start;
  const other = sooner(cluster, runner, { step, startMs: nowMs + start.loadMs, nowMs });
  if (other !== undefined) {
    const untilMs = Math.max(nowMs + lookAgainMs, other.startMs);
    return {
      type: "leave",
      runnerId: other.runner.id,
      untilMs: Math.min(untilMs, patientUntilMs),
    };
  }
  const reader = cluster.fetching.get(step.id);
  const isReadElsewhere = reader !== undefined && reader !== runner.id;
  if (!readsAhead || isReadElsewhere || !mustRead(runner, step, nowMs)) return start;
  return { type: "read", untilMs: Math.min(nowMs + start.loadMs, patientUntilMs) };
}

/** A runner that ends what waits of the step's model, or has its adapters, before this one could begin the step. */
function sooner(
  cluster: Cluster,
  runner: Runner,
  {
    step,
    startMs,
    nowMs,
  }: { readonly step: ReadyStep; readonly startMs: number; readonly nowMs: number },
): Holder | undefined {
  const hash = modelOf(step);
  const holders = cluster.fleet.holders(hash);
  if (hash === "" || holders === undefined) return undefined;
  if (runner.models.get(hash)?.onDevice === true) {
    const reader = holders.get(cluster.fetching.get(step.id) ?? runner.id);
    const isSooner = reader !== undefined && reader.runner !== runner && reader.startMs < startMs;
    return isSooner && couldRun(reader.runner, step) ? reader : undefined;
  }
  const other = holders.first(
    (holder) => holder.runner.id !== runner.id && couldRun(holder.runner, step),
  );
  if (other === undefined) return undefined;
  const others = holders.size - (runner.models.has(hash) ? 1 : 0);
  const behindMs = ((cluster.ready.model(hash)?.backlogMs ?? 0) - step.serviceMs) / others;
  const lastStartMs = Math.max(nowMs, other.startMs) + Math.max(0, behindMs);
  return startMs <= lastStartMs ? undefined : other;
}

/** Whether something that the step needs is only on disk, and RAM could hold it. */
function mustRead(runner: Runner, step: ReadyStep, nowMs: number): boolean {
  return neededBy(step).some(({ hash, sizeBytes }) => {
    const held = runner.models.get(hash) ?? runner.adapters.get(hash);
    if (held?.onDevice === true || sizeBytes > runner.ramBytes) return false;
    return (held?.inRamAtMs ?? Number.POSITIVE_INFINITY) > nowMs;
  });
}

/** The runner with a free slot that should be asked first to take a step which has become READY. */
export function chooseFreeRunner(cluster: Cluster, step: ReadyStep): Runner | undefined {
  const canRun = ({ runner }: Holder) => canRunNow(runner, step);
  if (cluster.fleet.free.size === 0) return undefined;
  const holders = cluster.fleet.holders(modelOf(step));
  const holder = holders?.first((one) => isFree(one.runner) && canRun(one));
  return (holder ?? cluster.fleet.free.first(canRun))?.runner;
}

/** Whether a runner has the op, and is there for the workspace. */
export function serves({ ops, workspaceId }: Runner, step: ReadyStep): boolean {
  return ops.has(step.op) && (workspaceId === undefined || workspaceId === step.workspaceId);
}

/** Whether a runner has the op, and the memory for a step's weights beside those of the tasks that it runs. */
export function canRunNow(runner: Runner, step: ReadyStep): boolean {
  return serves(runner, step) && fits(runner, step);
}

/** Whether it would, once none of them ran any more. */
export function couldRun(runner: Runner, step: ReadyStep): boolean {
  return serves(runner, step) && neededBytes(runner, neededBy(step)) <= runner.deviceBytes;
}

/** Whether the device has the memory for a step's weights beside those of the tasks that run there. */
export function fits(runner: Runner, step: ReadyStep): boolean {
  const { running, deviceBytes } = runner;
  const refs =
    running.length === 0 ? neededBy(step) : [...neededByRunning(runner), ...neededBy(step)];
  return neededBytes(runner, refs) <= deviceBytes;
}
