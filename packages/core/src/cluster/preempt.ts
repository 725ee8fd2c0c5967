import type { Cluster } from "./cluster.ts";
import type { ReadyStep, Runner, RunningTask } from "./cluster-types.ts";
import { stepLoadMs } from "./load-ms.ts";
import { canRunNow, couldRun } from "./place.ts";
import { compareText } from "./turn.ts";

export interface Preemption {
  readonly runnerId: string;
  readonly stepId: string;
}

/**
 * Which running task should be set aside at its next step boundary for a READY one of the same workspace with a higher
 * priority; null: none. Only where no slot is free, the task can go on later, and the wait for it is longer than the load
 * that the swap costs. Of several the lowest priority, then the one with the most left to do.
 */
export function preempt(
  cluster: Cluster,
  step: ReadyStep,
  { runners, nowMs }: { readonly runners: readonly Runner[]; readonly nowMs: number },
): Preemption | null {
  if (cluster.fleet.free.first(({ runner }) => canRunNow(runner, step)) !== undefined) return null;
  const soonest = cluster.fleet.soonest.first(({ runner }) => couldRun(runner, step));
  let best: { readonly runner: Runner; readonly task: RunningTask } | undefined;
  for (const runner of runners) {
    const waitMs = (soonest?.startMs ?? nowMs) - nowMs;
    if (waitMs <= stepLoadMs(runner, step, nowMs)) continue;
    for (const task of runner.running) {
      const running = runner.running.filter((other) => other !== task);
      if (!isBelow(task, step) || !canRunNow({ ...runner, running }, step)) continue;
      if (best === undefined || comesBefore(task, best.task)) best = { runner, task };
    }
  }
  return best === undefined ? null : { runnerId: best.runner.id, stepId: best.task.step.id };
}

function isBelow({ step, isPreemptible }: RunningTask, waiting: ReadyStep): boolean {
  return (
    isPreemptible && step.workspaceId === waiting.workspaceId && step.priority < waiting.priority
  );
}

function comesBefore(first: RunningTask, second: RunningTask): boolean {
  const order =
    first.step.priority - second.step.priority ||
    second.endsAtMs - first.endsAtMs ||
    compareText(first.step.id, second.step.id);
  return order < 0;
}
