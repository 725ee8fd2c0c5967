import type {
  ArtifactRef,
  Catalog,
  Limits,
  RunEventBody,
  RunStatus,
  StepError,
  Value,
} from "@heddle/core";
import { keepFiles } from "../retention/artifact-lock.ts";
import type { RunError } from "../runs/run-view.ts";
import type { Statement, Transaction } from "../transaction.ts";
import { workStepColumns, toWorkStep, type WorkStep, type WorkStepRow } from "./work-step.ts";

/** The run's row; the transaction holds its lock. */
export interface WorkRun {
  readonly id: string;
  readonly workspaceId: string;
  /** Milliseconds of the database's clock. */
  deadlineAt: number;
  /** Since when the deadline stands still: it is paused, or waits for a person. */
  heldAt: number | null;
  /** Steps that wait for a person. */
  waiting: number;
  status: RunStatus;
  remaining: number;
  eventSeq: number;
  costUsd: number;
  error: RunError | null;
  cancelRequested: boolean;
  /** Milliseconds of the database's clock. */
  startedAt: number | null;
  /** Higher goes first, within the workspace. */
  readonly priority: number;
  /** Its time is up: it ends EXPIRED when nothing is left. */
  expires: boolean;
  /** What to add to the run's outputs. */
  newOutputs: Record<string, Value>;
}

export interface UsageRow {
  readonly step_id: string;
  readonly meter: string;
  readonly quantity: number;
  readonly unit_price_usd: number;
  readonly cost_usd: number;
}

export interface AttemptRow {
  readonly step_id: string;
  readonly epoch: number;
  /** SUCCEEDED, CANCELED, LOST, EXPIRED, or the class of the error. */
  readonly outcome: string;
  readonly error: StepError | null;
}

/**
 * Everything that one transaction knows and wants of one run: rows as far as they were needed, and what to write at its
 * end. Transitions change it in memory; `saveWork` writes it.
 */
export interface RunWork {
  readonly tx: Transaction;
  readonly catalog: Catalog;
  readonly limits: Limits;
  readonly random: () => number;
  /** Whose transaction this is. */
  readonly origin: string;
  /** Milliseconds of the database's clock, after the lock was got. */
  readonly now: number;
  readonly run: WorkRun;
  readonly steps: Map<string, WorkStep>;
  /** Rows of the plan's steps (no items), by their id in the plan. */
  readonly byStepId: Map<string, WorkStep>;
  /** Ended just now: those who need them are told next. */
  readonly ended: WorkStep[];
  /** Need nothing any more: their inputs are resolved next. */
  readonly unblocked: WorkStep[];
  readonly changed: Set<WorkStep>;
  readonly created: WorkStep[];
  readonly events: RunEventBody[];
  readonly attempts: AttemptRow[];
  /** Leased in this transaction. */
  readonly leases: WorkStep[];
  readonly usage: UsageRow[];
  readonly artifacts: Map<string, ArtifactRef>;
  /** Steps whose result may be reused. */
  readonly cacheable: WorkStep[];
  /** No longer in flight. */
  readonly released: { readonly cacheKey: string; readonly stepId: string }[];
  /** Runners are to be told to stop. */
  canceling: boolean;
  /** How far ahead the next look-ahead reads. */
  lookAhead: number;
}

export interface RunWorkOptions {
  readonly tx: Transaction;
  readonly runId: string;
  readonly catalog: Catalog;
  readonly limits: Limits;
  readonly random: () => number;
  readonly origin: string;
}

interface RunRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly status: RunStatus;
  readonly remaining: number;
  readonly event_seq: number;
  readonly cost_usd: number;
  readonly error: RunError | null;
  readonly cancel_requested: boolean;
  readonly deadline_at: number;
  readonly held_at: number | null;
  readonly waiting: number;
  readonly priority: number;
  readonly started_at: number | null;
  readonly now: number;
}

/**
 * Locks the run. `firstSteps` are read in the same round trip: what it sends must come after the lock, so that it sees
 * what the lock waited for. Null: there is no such run.
 */
export async function openRunWork(
  options: RunWorkOptions,
  firstSteps: (tx: Transaction) => Promise<readonly WorkStep[]>,
): Promise<RunWork | null> {
  const { tx, runId, catalog, limits, random, origin } = options;
  void tx.query(keepFiles, []);
  const [locked, steps] = await Promise.all([
    tx.query<RunRow>(lockRunSql, [runId]),
    firstSteps(tx),
  ]);
  const row = locked.rows[0];
  if (row === undefined) return null;
  const work: RunWork = {
    tx,
    catalog,
    limits,
    random,
    origin,
    now: row.now,
    run: toWorkRun(row),
    steps: new Map(),
    byStepId: new Map(),
    ended: [],
    unblocked: [],
    changed: new Set(),
    created: [],
    events: [],
    attempts: [],
    leases: [],
    usage: [],
    artifacts: new Map(),
    cacheable: [],
    released: [],
    canceling: false,
    lookAhead: 8,
  };
  remember(work, steps);
  return work;
}

function toWorkRun(row: RunRow): WorkRun {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    deadlineAt: row.deadline_at,
    heldAt: row.held_at,
    waiting: row.waiting,
    priority: row.priority,
    status: row.status,
    remaining: row.remaining,
    eventSeq: row.event_seq,
    costUsd: row.cost_usd,
    error: row.error,
    cancelRequested: row.cancel_requested,
    startedAt: row.started_at,
    expires: false,
    newOutputs: {},
  };
}

/** Adds rows that were read; one that is here already has newer news than the database. */
export function remember(work: RunWork, steps: readonly WorkStep[]): void {
  for (const step of steps) {
    if (work.steps.has(step.id)) continue;
    work.steps.set(step.id, step);
    if (step.item === null) work.byStepId.set(step.stepId, step);
  }
}

/** Rows with these ids, the mapped steps that they are items of, and those who need them. */
export function readTasks(tx: Transaction, ids: readonly string[]): Promise<WorkStep[]> {
  return read(tx, tasksSql, [ids]);
}

/** Rows with these ids. */
export function readSteps(tx: Transaction, ids: readonly string[]): Promise<WorkStep[]> {
  return read(tx, byIdSql, [ids]);
}

/** Rows within `depth` steps downstream, these excluded. */
export function readDescendants(
  tx: Transaction,
  ids: readonly string[],
  depth: number,
): Promise<WorkStep[]> {
  return depth === Number.POSITIVE_INFINITY
    ? read(tx, allDescendantsSql, [ids])
    : read(tx, descendantsSql, [ids, depth]);
}

/** The plan's steps with these ids, in this run. */
export function readByStepIds(
  tx: Transaction,
  runId: string,
  stepIds: readonly string[],
): Promise<WorkStep[]> {
  return read(tx, byStepIdSql, [runId, stepIds]);
}

export function readItems(tx: Transaction, parentIds: readonly string[]): Promise<WorkStep[]> {
  return read(tx, itemsSql, [parentIds]);
}

/** Every row of the run that is not over. */
export function readLive(tx: Transaction, runId: string): Promise<WorkStep[]> {
  return read(tx, liveSql, [runId]);
}

/** Steps that nobody has looked at since the run was submitted, and steps that wait for the same work elsewhere. */
export function readIdle(tx: Transaction, runId: string): Promise<WorkStep[]> {
  return read(tx, idleSql, [runId]);
}

async function read(
  tx: Transaction,
  statement: Statement,
  values: readonly unknown[],
): Promise<WorkStep[]> {
  const { rows } = await tx.query<WorkStepRow>(statement, values);
  return rows.map(toWorkStep);
}

/** The clock is read outside the locking query, that is, once the lock is got. */
const lockRunSql: Statement = {
  name: "engine_lock_run",
  text: `
    SELECT locked.*, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now FROM (
      SELECT id, workspace_id, status, remaining, event_seq, cost_usd::float8 AS cost_usd, error,
        cancel_requested_at IS NOT NULL AS cancel_requested, (extract(epoch FROM deadline_at) * 1000)::float8 AS deadline_at,
        (extract(epoch FROM held_at) * 1000)::float8 AS held_at, waiting, priority,
        (extract(epoch FROM started_at) * 1000)::float8 AS started_at
      FROM run WHERE id = $1 FOR UPDATE
    ) locked`,
};
const tasksSql: Statement = {
  name: "engine_tasks",
  text: `
    SELECT ${workStepColumns} FROM step s WHERE s.id IN (
      SELECT unnest($1::text[])
      UNION SELECT parent_id FROM step WHERE id = ANY ($1) AND parent_id IS NOT NULL
      UNION SELECT to_id FROM step_edge WHERE from_id = ANY ($1))`,
};
const byIdSql: Statement = {
  name: "engine_steps_by_id",
  text: `SELECT ${workStepColumns} FROM step s WHERE s.id = ANY ($1)`,
};
const descendantsSql: Statement = {
  name: "engine_descendants",
  text: `
    WITH RECURSIVE reach(id, depth) AS (
      SELECT to_id, 1 FROM step_edge WHERE from_id = ANY ($1)
      UNION
      SELECT e.to_id, r.depth + 1 FROM reach r JOIN step_edge e ON e.from_id = r.id WHERE r.depth < $2
    )
    SELECT ${workStepColumns} FROM step s WHERE s.id IN (SELECT id FROM reach)`,
};
const allDescendantsSql: Statement = {
  name: "engine_all_descendants",
  text: `
    WITH RECURSIVE reach(id) AS (
      SELECT to_id FROM step_edge WHERE from_id = ANY ($1)
      UNION
      SELECT e.to_id FROM reach r JOIN step_edge e ON e.from_id = r.id
    )
    SELECT ${workStepColumns} FROM step s WHERE s.id IN (SELECT id FROM reach)`,
};
const byStepIdSql: Statement = {
  name: "engine_steps_by_step_id",
  text: `SELECT ${workStepColumns} FROM step s WHERE s.run_id = $1 AND s.item IS NULL AND s.step_id = ANY ($2)`,
};
const itemsSql: Statement = {
  name: "engine_items",
  text: `SELECT ${workStepColumns} FROM step s WHERE s.parent_id = ANY ($1) ORDER BY s.parent_id, s.item`,
};
const liveSql: Statement = {
  name: "engine_live_steps",
  text: `
    SELECT ${workStepColumns} FROM step s
    WHERE s.run_id = $1 AND s.status IN ('BLOCKED', 'READY', 'LEASED', 'EXPANDED', 'WAITING') ORDER BY s.ordinal, s.item NULLS FIRST`,
};
const idleSql: Statement = {
  name: "engine_idle_steps",
  text: `
    SELECT ${workStepColumns} FROM step s
    WHERE s.run_id = $1 AND ((s.status = 'BLOCKED' AND s.deps_remaining = 0) OR (s.status = 'READY' AND s.joined))
    ORDER BY s.ordinal, s.item`,
};
