import { AppError, parentSteps, type Document, type Plan, type Value } from "@heddle/core";
import type { Database } from "../database.ts";
import { newId } from "../new-id.ts";
import { keepFiles } from "../retention/artifact-lock.ts";
import { filesNamedIn, useFiles } from "../retention/use-files.ts";
import { toJsonb } from "../to-jsonb.ts";
import { transaction, type Statement, type Transaction } from "../transaction.ts";
import { checkQuota, type RunQuota } from "./check-quota.ts";
import { stepSpecs } from "./step-spec.ts";

export interface SubmitRunOptions {
  readonly workspaceId: string;
  readonly plan: Plan;
  readonly document: Document;
  /** Values of the declared inputs that were given. */
  readonly input: Readonly<Record<string, Value>>;
  readonly workflowId?: string | undefined;
  readonly versionId?: string | undefined;
  /** The same key makes one run, however often it is sent; `bodyHash` tells whether it is the same request. */
  readonly idempotency?: { readonly key: string; readonly bodyHash: string } | undefined;
  /** −10 to 10, default 0: higher goes first, within the workspace. */
  readonly priority?: number | undefined;
  /** Absent: any amount. */
  readonly quota?: RunQuota | undefined;
  /** W3C: the span that submits it, where traces are sent; those of its steps become a part of that trace. */
  readonly traceparent?: string | undefined;
  /** The run expires when it takes longer. */
  readonly deadlineSeconds: number;
}

export interface SubmittedRun {
  readonly runId: string;
  /** False: the key was used before, and this is the run that it made. */
  readonly created: boolean;
  /** Runs of the workspace that had not ended before it; more than a thousand count as a thousand. */
  readonly before: number;
}

/**
 * Writes the run with its steps, in one transaction; when this returns the run is accepted, and can no longer be lost.
 * The caller rings the doorbell afterwards. Throws AppError `invalid` for a key that came with another body, `not_found`
 * for a workflow of another workspace, and `rate_limited` when the workspace has used up its quota.
 */
export async function submitRun(
  database: Database,
  options: SubmitRunOptions,
): Promise<SubmittedRun> {
  return transaction(database, async (tx) => {
    const runId = newId("run");
    void tx.query(keepFiles, []);
    const earlier = await claimKey(tx, runId, options);
    if (earlier !== null) return { runId: earlier, created: false, before: 0 };
    await checkQuota(tx, options.workspaceId, options.quota ?? {});
    const [run, open] = await Promise.all([
      insertRun(tx, runId, options),
      tx.query<{ count: number }>(openRunsSql, [options.workspaceId, runId]),
      insertSteps(tx, runId, options),
      useFiles(tx, options.workspaceId, filesOf(options)),
    ]);
    if (options.workflowId !== undefined && (run.rows[0]?.number ?? null) === null) {
      throw new AppError("not_found", "There is no such workflow");
    }
    database.reached("mid-submit");
    return { runId, created: true, before: open.rows[0]?.count ?? 0 };
  });
}

/** What the run reads that is there already. */
function filesOf({ plan, document, input }: SubmitRunOptions): string[] {
  return filesNamedIn(JSON.stringify([plan, document, input]));
}

/** The run that this key made before, or null when the key is new and now ours. */
async function claimKey(
  tx: Transaction,
  runId: string,
  options: SubmitRunOptions,
): Promise<string | null> {
  if (options.idempotency === undefined) return null;
  const { key, bodyHash } = options.idempotency;
  // Waits for a submit with the same key that is under way, and then sees what it did.
  const inserted = await tx.query(insertKeySql, [options.workspaceId, key, bodyHash, runId]);
  if (inserted.rowCount === 1) return null;
  const found = await tx.query<{ body_hash: string; run_id: string }>(findKeySql, [
    options.workspaceId,
    key,
  ]);
  const earlier = found.rows[0];
  if (earlier === undefined || earlier.body_hash !== bodyHash) {
    throw new AppError("invalid", "This Idempotency-Key was used before with another request body");
  }
  return earlier.run_id;
}

function insertRun(tx: Transaction, runId: string, options: SubmitRunOptions) {
  return tx.query<{ number: number | null }>(insertRunSql, [
    runId,
    options.workspaceId,
    options.workflowId ?? null,
    options.versionId ?? null,
    toJsonb(options.plan),
    toJsonb(options.document),
    toJsonb(options.input),
    options.plan.steps.length,
    options.deadlineSeconds,
    options.priority ?? 0,
    options.traceparent ?? null,
  ]);
}

async function insertSteps(
  tx: Transaction,
  runId: string,
  options: SubmitRunOptions,
): Promise<void> {
  const rowIds = new Map(options.plan.steps.map(({ id }) => [id, newId("stp")]));
  const rowIdOf = (stepId: string) => {
    const id = rowIds.get(stepId);
    if (id === undefined) throw new Error(`The plan has no step ${stepId}`);
    return id;
  };
  const specs = stepSpecs(options.plan);
  const steps = specs.map((spec, ordinal) => ({
    id: rowIdOf(spec.id),
    step_id: spec.id,
    ordinal,
    node_ids: spec.nodeIds,
    op: spec.kind === "op" ? spec.op : null,
    spec,
    deps_remaining: parentSteps(spec).length,
  }));
  const edges = specs.flatMap((spec) =>
    parentSteps(spec).map((parent) => [rowIdOf(parent), rowIdOf(spec.id)] as const),
  );
  await Promise.all([
    tx.query(insertStepsSql, [runId, options.workspaceId, toJsonb(steps)]),
    tx.query(insertEdgesSql, [runId, edges.map(([from]) => from), edges.map(([, to]) => to)]),
    tx.query(firstEventSql, [runId, toJsonb({ type: "run.queued" })]),
    tx.query(notifySql, [toJsonb({ runId })]),
  ]);
}

const insertKeySql: Statement = {
  name: "submit_key",
  text: `INSERT INTO idempotency_key (workspace_id, key, body_hash, run_id) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
};
const findKeySql: Statement = {
  name: "submit_find_key",
  text: `SELECT body_hash, run_id FROM idempotency_key WHERE workspace_id = $1 AND key = $2`,
};
const insertRunSql: Statement = {
  name: "submit_run",
  text: `
    WITH counted AS (
      UPDATE workflow SET run_number = run_number + 1 WHERE id = $3 AND workspace_id = $2 RETURNING id, run_number
    )
    INSERT INTO run (id, workspace_id, number, workflow_id, version_id, plan, document, input, remaining, event_seq, deadline_at, priority, traceparent)
    VALUES ($1, $2, (SELECT run_number FROM counted), (SELECT id FROM counted), $4, $5::jsonb, $6::jsonb, $7::jsonb, $8, 1,
      now() + make_interval(secs => $9), $10, $11)
    RETURNING number`,
};
const openRunsSql: Statement = {
  name: "submit_open_runs",
  text: `
    SELECT count(*)::int AS count FROM (
      SELECT FROM run WHERE workspace_id = $1 AND status IN ('QUEUED', 'RUNNING', 'PAUSED', 'CANCELING') AND id <> $2
      LIMIT 1000
    ) open`,
};
const insertStepsSql: Statement = {
  name: "submit_steps",
  text: `
    INSERT INTO step (id, run_id, workspace_id, step_id, ordinal, node_ids, op, spec, deps_remaining)
    SELECT id, $1, $2, step_id, ordinal, node_ids, op, spec, deps_remaining
    FROM jsonb_to_recordset($3::jsonb)
      AS s(id text, step_id text, ordinal int, node_ids text[], op text, spec jsonb, deps_remaining int)`,
};
const insertEdgesSql: Statement = {
  name: "submit_edges",
  text: `INSERT INTO step_edge (run_id, from_id, to_id) SELECT $1, * FROM unnest($2::text[], $3::text[])`,
};
const firstEventSql: Statement = {
  name: "submit_event",
  text: `INSERT INTO run_event (run_id, seq, body) VALUES ($1, 1, $2::jsonb)`,
};
const notifySql: Statement = { name: "submit_notify", text: `SELECT pg_notify('heddle_run', $1)` };
