import { isTerminalStep, sumUsd } from "@heddle/core";
import type { TrackedRun } from "./run-state.ts";

export interface RunCounts {
  readonly done: number;
  readonly total: number;
  readonly reused: number;
  /** Milliseconds that are paid for. */
  readonly deviceMs: number;
  /** Of the steps that have ended. */
  readonly costUsd: number;
}

/** How far a run is: items count, the step that holds them does not. */
export function runCounts(run: TrackedRun): RunCounts {
  const all = Object.values(run.steps);
  const expanded = new Set(all.filter(({ item }) => item !== null).map(({ stepId }) => stepId));
  const steps = all.filter((step) => step.item !== null || !expanded.has(step.stepId));
  return {
    total: steps.length,
    done: steps.filter(({ status }) => isTerminalStep(status)).length,
    reused: steps.filter(({ cached }) => cached).length,
    deviceMs: steps.reduce((sum, { timing }) => sum + (timing?.deviceMs ?? 0), 0),
    costUsd: sumUsd(steps.map(({ costUsd }) => costUsd)),
  };
}
