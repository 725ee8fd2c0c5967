import type { Document, Plan, RunStatus, StepError, StepStatus, StepTiming } from "@heddle/core";
import type { RunSummary, RunView, StepView } from "@heddle/db";
import { linkValues, type LinkArtifact, type LinkedValue } from "./value.ts";

/** One run in a list. */
export interface RunOverview {
  readonly id: string;
  readonly workflowId: string | null;
  /** Name of the document that it ran. */
  readonly name: string;
  readonly number: number | null;
  readonly status: RunStatus;
  readonly outputs: Record<string, LinkedValue>;
  readonly costUsd: number;
  readonly error: (StepError & { readonly nodeId: string }) | null;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** The last event that this view includes: follow the run from here with `Last-Event-ID`. */
  readonly eventSeq: number;
}

export interface StepDetail {
  readonly stepId: string;
  readonly nodeIds: readonly string[];
  /** Which item of a mapped step; null: the step itself. */
  readonly item: number | null;
  readonly type: string;
  readonly status: StepStatus;
  readonly cached: boolean;
  /** The run that first made a reused result. */
  readonly fromRunId: string | null;
  readonly outputs: Record<string, LinkedValue> | null;
  readonly error: StepError | null;
  readonly timing: StepTiming | null;
  readonly costUsd: number;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** A run with its plan and steps, for the editor and the run page. */
export interface RunDetail extends RunOverview {
  readonly plan: Plan;
  readonly document: Document;
  readonly input: Record<string, LinkedValue>;
  readonly steps: readonly StepDetail[];
}

export function toRunOverview(run: RunSummary, link: LinkArtifact): RunOverview {
  return {
    id: run.id,
    workflowId: run.workflowId,
    name: run.name,
    number: run.number,
    status: run.status,
    outputs: linkValues(run.outputs, link),
    costUsd: run.costUsd,
    error: run.error,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    eventSeq: run.eventSeq,
  };
}

export function toRunDetail(run: RunView, link: LinkArtifact): RunDetail {
  return {
    ...toRunOverview(run, link),
    plan: run.plan,
    document: run.document,
    input: linkValues(run.input, link),
    steps: run.steps.map((step) => toStepDetail(step, link)),
  };
}

function toStepDetail(step: StepView, link: LinkArtifact): StepDetail {
  return {
    ...step,
    outputs: step.outputs === null ? null : linkValues(step.outputs, link),
    startedAt: step.startedAt?.toISOString() ?? null,
    finishedAt: step.finishedAt?.toISOString() ?? null,
  };
}
