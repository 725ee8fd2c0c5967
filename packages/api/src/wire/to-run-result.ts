import type { Value } from "@heddle/core";
import type { RunSummary, StepView } from "@heddle/db";
import type { OutputItem, RunResult, StepResult } from "./run-result.ts";
import type { LinkArtifact } from "./value.ts";

export interface RunLinks {
  /** Origin of the links. */
  readonly origin: string;
  readonly link: LinkArtifact;
}

/** A run in the one form that REST, the client and the command line share. */
export function toRunResult(
  run: RunSummary & { readonly steps: readonly StepView[] },
  { origin, link }: RunLinks,
): RunResult {
  const self = `${origin}/api/v1/runs/${run.id}`;
  return {
    run: {
      id: run.id,
      number: run.number,
      status: run.status,
      createdAt: run.createdAt.toISOString(),
      startedAt: run.startedAt?.toISOString() ?? null,
      finishedAt: run.finishedAt?.toISOString() ?? null,
      urls: {
        self,
        events: `${self}/events`,
        cancel: `${self}/cancel`,
        pause: `${self}/pause`,
        resume: `${self}/resume`,
      },
    },
    outputs: Object.fromEntries(
      Object.entries(run.outputs).map(([name, value]) => [name, toOutputItems(value, link)]),
    ),
    steps: run.steps.map(toStepResult),
    cost: { usd: run.costUsd, deviceMs: paidDeviceMs(run.steps) },
    error: run.error,
  };
}

/** The values of an output as a flat list. */
export function toOutputItems(value: Value, link: LinkArtifact): OutputItem[] {
  return (value.media === "list" ? value.items : [value]).map((item) => {
    if (item.media === "text" || item.media === "number") return item;
    return { media: item.media, url: link(item.artifact), ...item.artifact };
  });
}

function toStepResult(step: StepView): StepResult {
  return {
    nodeId: step.nodeIds[0] ?? step.stepId,
    nodeIds: [...step.nodeIds],
    type: step.type,
    item: step.item,
    status: step.status,
    cached: step.cached,
    queuedMs: roundMs(step.timing?.queuedMs),
    loadMs: roundMs(step.timing?.loadMs),
    deviceMs: roundMs(step.timing?.deviceMs),
    durationMs: roundMs(step.timing?.durationMs),
    costUsd: step.costUsd,
    error: step.error,
  };
}

/** To microseconds: what follows is noise of the clock. Null: not known yet. */
function roundMs(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms * 1000) / 1000;
}

/** A mapped step's row is the sum of its items, so only whole steps count. */
function paidDeviceMs(steps: readonly StepView[]): number {
  return steps
    .filter((step) => step.item === null && !step.cached)
    .reduce((sum, step) => sum + (step.timing?.deviceMs ?? 0), 0);
}
