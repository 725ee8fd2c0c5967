import type {
  Document,
  Plan,
  RunStatus,
  StepError,
  StepStatus,
  StepTiming,
  Value,
} from "@heddle/core";
import type { Database } from "../database.ts";
import { readDocument } from "../workflows/read-document.ts";
import type { RunError, RunSummary, RunView, StepView } from "./run-view.ts";

export interface RunKey {
  readonly workspaceId: string;
  readonly runId: string;
}

/** The run with its steps as they are now; null when this workspace has no such run. */
export async function getRun(
  database: Database,
  { workspaceId, runId }: RunKey,
): Promise<RunView | null> {
  // One statement, so that the run and its steps are seen at the same moment.
  const { rows } = await database.pool.query<RunRow>({
    name: "get_run",
    text: getRunSql,
    values: [runId, workspaceId],
  });
  const row = rows[0];
  if (row === undefined) return null;
  return {
    ...toSummary(row),
    plan: row.plan,
    document: readDocument(row.document),
    input: row.input,
    steps: (row.steps ?? []).map(toStepView),
  };
}

/** Columns of `run r` that a `RunSummary` is made of. */
export const summaryColumns = `
  r.id, r.workspace_id, r.workflow_id, r.version_id, r.document->>'name' AS name, r.number, r.status, r.outputs, r.cost_usd::float8 AS cost_usd,
  r.error, r.created_at, r.started_at, r.finished_at, r.deadline_at, r.event_seq`;

const getRunSql = `
  SELECT ${summaryColumns}, r.plan, r.document, r.input, (
    SELECT json_agg(json_build_object(
      'stepId', s.step_id, 'nodeIds', s.node_ids, 'item', s.item, 'type', s.spec->>'type', 'status', s.status,
      'cached', s.cached, 'fromRunId', s.from_run_id, 'outputs', s.outputs, 'error', s.error, 'attempt', s.attempt,
      'costUsd', s.cost_usd::float8, 'loadMs', s.load_ms, 'deviceMs', s.device_ms,
      'readyAt', s.ready_at, 'startedAt', s.started_at, 'finishedAt', s.finished_at
    ) ORDER BY s.ordinal, s.item NULLS FIRST)
    FROM step s WHERE s.run_id = r.id
  ) AS steps
  FROM run r WHERE r.id = $1 AND r.workspace_id = $2`;

export interface SummaryRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly workflow_id: string | null;
  readonly version_id: string | null;
  readonly name: string;
  readonly number: number | null;
  readonly status: RunStatus;
  readonly outputs: Readonly<Record<string, Value>>;
  readonly cost_usd: number;
  readonly error: RunError | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly deadline_at: Date;
  readonly event_seq: number;
}

interface RunRow extends SummaryRow {
  readonly plan: Plan;
  readonly document: Document;
  readonly input: Readonly<Record<string, Value>>;
  readonly steps: readonly StepJson[] | null;
}

interface StepJson {
  readonly stepId: string;
  readonly nodeIds: readonly string[];
  readonly item: number | null;
  readonly type: string;
  readonly status: StepStatus;
  readonly cached: boolean;
  readonly fromRunId: string | null;
  readonly outputs: Readonly<Record<string, Value>> | null;
  readonly error: StepError | null;
  readonly attempt: number;
  readonly costUsd: number;
  readonly loadMs: number;
  readonly deviceMs: number;
  readonly readyAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export function toSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workflowId: row.workflow_id,
    versionId: row.version_id,
    name: row.name,
    number: row.number,
    status: row.status,
    outputs: row.outputs,
    costUsd: row.cost_usd,
    error: row.error,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    deadlineAt: row.deadline_at,
    eventSeq: row.event_seq,
  };
}

function toStepView(step: StepJson): StepView {
  const { loadMs, deviceMs, readyAt, startedAt, finishedAt, ...rest } = step;
  return {
    ...rest,
    timing: toTiming(step),
    startedAt: startedAt === null ? null : new Date(startedAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
  };
}

function toTiming({
  loadMs,
  deviceMs,
  readyAt,
  startedAt,
  finishedAt,
}: StepJson): StepTiming | null {
  if (readyAt === null || finishedAt === null) return null;
  const ready = Date.parse(readyAt);
  const started = startedAt === null ? Date.parse(finishedAt) : Date.parse(startedAt);
  return {
    queuedMs: Math.max(0, started - ready),
    loadMs,
    deviceMs,
    durationMs: Math.max(0, Date.parse(finishedAt) - started),
  };
}
