import type { ModelRef, StepStatus } from "@heddle/core";
import type { Database } from "../database.ts";
import type { StepSpec } from "../runs/step-spec.ts";
import type { RunWork } from "./run-work.ts";
import type { WorkStep } from "./work-step.ts";

/** What a dispatcher has to know of a step that runs on a runner. Times are milliseconds of the database's clock. */
export interface StepNews {
  readonly id: string;
  readonly runId: string;
  readonly workspaceId: string;
  readonly op: string;
  /** An item of a mapped step. */
  readonly isItem: boolean;
  readonly status: StepStatus;
  /** READY, but the same work is under way elsewhere: no runner is to take it. */
  readonly joined: boolean;
  /** Who holds its lease. */
  readonly runnerId: string | null;
  readonly model: ModelRef | null;
  /** Models of the steps that come after it. */
  readonly nextModels: readonly ModelRef[];
  /** Of all items together for an item. */
  readonly estimateMs: number;
  /** Higher goes first, within the workspace. */
  readonly priority: number;
  readonly availableAtMs: number;
  readonly deadlineAtMs: number;
  /** Of a result that was committed. */
  readonly loadMs: number;
  readonly deviceMs: number;
}

/** Of every step that this transaction changes and that a runner does. */
export function listNews(work: RunWork): StepNews[] {
  const steps = new Set([...work.changed, ...work.created]);
  return [...steps].flatMap((step) => (step.op === null ? [] : [toNews(work, step, step.op)]));
}

function toNews({ run, now }: RunWork, step: WorkStep, op: string): StepNews {
  return {
    id: step.id,
    runId: run.id,
    workspaceId: run.workspaceId,
    op,
    isItem: step.item !== null,
    status: step.status,
    joined: step.joined,
    runnerId: step.leaseOwner,
    model: step.spec.model ?? null,
    nextModels: step.spec.nextModels ?? [],
    estimateMs: step.spec.estimate.deviceMs,
    priority: run.priority,
    availableAtMs: step.availableAt ?? now,
    deadlineAtMs: run.deadlineAt,
    loadMs: step.loadMs,
    deviceMs: step.deviceMs,
  };
}

interface NewsRow {
  readonly id: string;
  readonly run_id: string;
  readonly workspace_id: string;
  readonly op: string;
  readonly is_item: boolean;
  readonly status: "READY" | "LEASED";
  readonly lease_owner: string | null;
  readonly model: ModelRef | null;
  readonly next_models: StepSpec["nextModels"] | null;
  readonly estimate_ms: number;
  readonly priority: number;
  readonly available_at: number;
  readonly deadline_at: number;
}

/** Everything that waits for a runner or is on one; of one run, or of all. */
export async function readStepNews(database: Database, runId?: string): Promise<StepNews[]> {
  const { rows } = await database.pool.query<NewsRow>(
    runId === undefined
      ? { name: "step_news", text: newsSql }
      : { name: "step_news_of_run", text: `${newsSql} AND s.run_id = $1`, values: [runId] },
  );
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    workspaceId: row.workspace_id,
    op: row.op,
    isItem: row.is_item,
    status: row.status,
    joined: false,
    runnerId: row.lease_owner,
    model: row.model,
    nextModels: row.next_models ?? [],
    estimateMs: row.estimate_ms,
    priority: row.priority,
    availableAtMs: row.available_at,
    deadlineAtMs: row.deadline_at,
    loadMs: 0,
    deviceMs: 0,
  }));
}

const newsSql = `
  SELECT s.id, s.run_id, s.workspace_id, s.op, s.item IS NOT NULL AS is_item, s.status, s.lease_owner,
    s.spec->'model' AS model, s.spec->'nextModels' AS next_models,
    coalesce((s.spec->'estimate'->>'deviceMs')::float8, 0) AS estimate_ms, r.priority,
    (extract(epoch FROM s.available_at) * 1000)::float8 AS available_at,
    (extract(epoch FROM r.deadline_at) * 1000)::float8 AS deadline_at
  FROM step s JOIN run r ON r.id = s.run_id
  WHERE s.status IN ('READY', 'LEASED') AND NOT s.joined AND s.op IS NOT NULL`;

/** Told on the channel `heddle_ready`. */
export type ReadyNews =
  /** Runners are to be told to stop. */
  | { readonly type: "cancel" }
  /** Steps of this run may be taken now; `origin` has changed it. */
  | { readonly type: "ready"; readonly runId: string; readonly origin: string };

export const cancelNews = "cancel";

export function writeReadyNews(runId: string, origin: string): string {
  return `${runId} ${origin}`;
}

export function parseReadyNews(payload: string): ReadyNews {
  const [runId = "", origin = ""] = payload.split(" ");
  return runId === cancelNews ? { type: "cancel" } : { type: "ready", runId, origin };
}
