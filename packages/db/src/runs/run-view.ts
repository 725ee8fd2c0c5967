import type {
  Document,
  Plan,
  RunStatus,
  StepError,
  StepStatus,
  StepTiming,
  Value,
} from "@heddle/core";

export interface RunError extends StepError {
  readonly nodeId: string;
}

/** A run without what makes it large. */
export interface RunSummary {
  readonly id: string;
  readonly workspaceId: string;
  readonly workflowId: string | null;
  readonly versionId: string | null;
  /** Name of the document that it ran. */
  readonly name: string;
  /** Counts from 1 within the workflow; null for an unsaved document. */
  readonly number: number | null;
  readonly status: RunStatus;
  /** Declared outputs that are there already, by name. */
  readonly outputs: Readonly<Record<string, Value>>;
  readonly costUsd: number;
  /** The failure that decided a FAILED run. */
  readonly error: RunError | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly deadlineAt: Date;
  /** Sequence number of the last event that this view includes: events after it continue from here. */
  readonly eventSeq: number;
}

export interface RunView extends RunSummary {
  readonly plan: Plan;
  readonly document: Document;
  readonly input: Readonly<Record<string, Value>>;
  /** In the plan's order; the items of a mapped step follow it. */
  readonly steps: readonly StepView[];
}

export interface StepView {
  /** Id of the step in the plan. */
  readonly stepId: string;
  readonly nodeIds: readonly string[];
  /** Which item of a mapped step; null: the step itself. */
  readonly item: number | null;
  readonly type: string;
  readonly status: StepStatus;
  readonly cached: boolean;
  readonly fromRunId: string | null;
  readonly outputs: Readonly<Record<string, Value>> | null;
  readonly error: StepError | null;
  /** Null until the step has ended. Of a mapped step `deviceMs` and `loadMs` are the sum over its items. */
  readonly timing: StepTiming | null;
  /** Of a mapped step the sum over its items, which are not to be added again. */
  readonly costUsd: number;
  /** Leases so far. */
  readonly attempt: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}
