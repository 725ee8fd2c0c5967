import { isTerminalRun } from "@heddle/core";
import { toJsonb } from "../to-jsonb.ts";
import type { Statement } from "../transaction.ts";
import type { RunWork } from "./run-work.ts";
import type { WorkStep } from "./work-step.ts";

/**
 * Sends what changed; the run's lock is held, so nothing was changed underneath. Does not wait for the answers, so that
 * COMMIT travels with them. Returns the runs with a step that waited for what is no longer in flight: to be advanced.
 */
export function saveWork(work: RunWork): Promise<string[]> {
  saveRun(work);
  saveSteps(work);
  saveResults(work);
  const waiting = releaseKeys(work);
  saveEvents(work);
  return waiting;
}

/** Whether anything is different from what was read. */
export function hasChanges(work: RunWork): boolean {
  return work.events.length > 0 || work.changed.size > 0 || work.attempts.length > 0;
}

function saveRun({ tx, run, events, now }: RunWork): void {
  const values = [
    run.id,
    run.status,
    run.eventSeq + events.length,
    run.remaining,
    run.costUsd,
    run.error === null ? null : toJsonb(run.error),
    toJsonb(run.newOutputs),
    now,
    isTerminalRun(run.status),
    run.cancelRequested,
    run.startedAt,
  ];
  void tx.query(updateRunSql, values);
}

function saveSteps({ tx, run, changed, created, now }: RunWork): void {
  const isNew = new Set(created);
  const updated = [...changed].filter((step) => !isNew.has(step));
  if (created.length > 0) {
    void tx.query(insertItemsSql, [run.id, run.workspaceId, toJsonb(created.map(toItemRow))]);
  }
  const rows = [...updated, ...created].map((step) => toRow(step, now));
  if (rows.length > 0) void tx.query(updateStepsSql, [toJsonb(rows)]);
}

function toItemRow(step: WorkStep) {
  return {
    id: step.id,
    step_id: step.stepId,
    item: step.item,
    parent_id: step.parentId,
    ordinal: step.ordinal,
    node_ids: step.nodeIds,
    op: step.op,
    spec: step.spec,
  };
}

function toRow(step: WorkStep, now: number) {
  return {
    id: step.id,
    status: step.status,
    deps_remaining: step.depsRemaining,
    infra_failures: step.infraFailures,
    available_at: step.availableAt ?? now,
    joined: step.joined,
    cache_key: step.cacheKey,
    params: step.params,
    inputs: step.inputs,
    outputs: step.outputs,
    error: step.error,
    cached: step.cached,
    from_run_id: step.fromRunId,
    ready_at: step.readyAt,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
    load_ms: step.loadMs,
    device_ms: step.deviceMs,
    cost_usd: step.costUsd,
  };
}

function saveResults({ tx, run, attempts, usage, artifacts, cacheable }: RunWork): void {
  if (attempts.length > 0) void tx.query(updateAttemptsSql, [toJsonb(attempts)]);
  if (usage.length > 0) void tx.query(insertUsageSql, [run.workspaceId, run.id, toJsonb(usage)]);
  if (artifacts.size > 0) void tx.query(insertArtifactsSql, [run.workspaceId, toJsonb([...artifacts.values()])]);
  if (cacheable.length > 0) {
    const entries = cacheable.map(({ id, cacheKey, outputs, deviceMs }) => ({ id, cacheKey, outputs, deviceMs }));
    void tx.query(insertCacheSql, [run.workspaceId, run.id, toJsonb(entries)]);
  }
}

/** What the orchestrators hear on `heddle_ready` when runners are to be told to stop; otherwise it is empty. */
export const cancelNews = "cancel";

function saveEvents({ tx, run, events, now, dispatchable, canceling }: RunWork): void {
  if (events.length > 0) {
    void tx.query(insertEventsSql, [run.id, run.eventSeq, now, toJsonb(events)]);
    void tx.query(notifySql, ["heddle_run", toJsonb({ runId: run.id })]);
  }
  if (dispatchable) void tx.query(notifySql, ["heddle_ready", ""]);
  if (canceling) void tx.query(notifySql, ["heddle_ready", cancelNews]);
}

async function releaseKeys({ tx, run, released }: RunWork): Promise<string[]> {
  if (released.length === 0) return [];
  const keys = released.map(({ cacheKey }) => cacheKey);
  void tx.query(deleteInflightSql, [run.workspaceId, keys, released.map(({ stepId }) => stepId)]);
  const { rows } = await tx.query<{ run_id: string }>(findJoinedSql, [run.workspaceId, keys]);
  return rows.map(({ run_id }) => run_id);
}

const updateRunSql: Statement = {
  name: "save_run",
  text: `
    UPDATE run SET status = $2::run_status, event_seq = $3, remaining = $4, cost_usd = $5::float8::numeric(18, 8),
      error = $6::jsonb, outputs = CASE WHEN $7::jsonb = '{}' THEN outputs ELSE outputs || $7::jsonb END,
      started_at = coalesce(started_at, to_timestamp($11::float8 / 1000)),
      finished_at = CASE WHEN $9 THEN coalesce(finished_at, to_timestamp($8::float8 / 1000)) END,
      cancel_requested_at = CASE WHEN $10 THEN coalesce(cancel_requested_at, to_timestamp($8::float8 / 1000)) END
    WHERE id = $1`,
};
const insertItemsSql: Statement = {
  name: "save_items",
  text: `
    INSERT INTO step (id, run_id, workspace_id, step_id, item, parent_id, ordinal, node_ids, op, spec, deps_remaining)
    SELECT id, $1, $2, step_id, item, parent_id, ordinal, node_ids, op, spec, 0
    FROM jsonb_to_recordset($3::jsonb) AS s(id text, step_id text, item int, parent_id text, ordinal int, node_ids text[], op text, spec jsonb)`,
};
const updateStepsSql: Statement = {
  name: "save_steps",
  text: `
    UPDATE step s SET status = u.status, deps_remaining = u.deps_remaining, infra_failures = u.infra_failures,
      available_at = to_timestamp(u.available_at / 1000), joined = u.joined, cache_key = u.cache_key,
      params = coalesce(u.params, s.params), inputs = coalesce(u.inputs, s.inputs), outputs = u.outputs, error = u.error,
      cached = u.cached, from_run_id = u.from_run_id, ready_at = to_timestamp(u.ready_at / 1000),
      started_at = to_timestamp(u.started_at / 1000), finished_at = to_timestamp(u.finished_at / 1000),
      load_ms = u.load_ms, device_ms = u.device_ms, cost_usd = u.cost_usd, lease_owner = NULL, lease_expires_at = NULL
    FROM jsonb_to_recordset($1::jsonb) AS u(id text, status step_status, deps_remaining int, infra_failures int,
      available_at float8, joined boolean, cache_key text, params jsonb, inputs jsonb, outputs jsonb, error jsonb,
      cached boolean, from_run_id text, ready_at float8, started_at float8, finished_at float8,
      load_ms float8, device_ms float8, cost_usd numeric(18, 8))
    WHERE s.id = u.id`,
};
const updateAttemptsSql: Statement = {
  name: "save_attempts",
  text: `
    UPDATE step_attempt a SET finished_at = clock_timestamp(), outcome = u.outcome, error = u.error
    FROM jsonb_to_recordset($1::jsonb) AS u(step_id text, epoch int, outcome text, error jsonb)
    WHERE a.step_id = u.step_id AND a.epoch = u.epoch`,
};
const insertUsageSql: Statement = {
  name: "save_usage",
  text: `
    INSERT INTO usage_event (step_id, meter, workspace_id, run_id, quantity, unit_price_usd, cost_usd)
    SELECT step_id, meter, $1, $2, quantity, unit_price_usd, cost_usd
    FROM jsonb_to_recordset($3::jsonb) AS u(step_id text, meter text, quantity float8, unit_price_usd numeric(18, 8), cost_usd numeric(18, 8))
    ON CONFLICT DO NOTHING`,
};
const insertArtifactsSql: Statement = {
  name: "save_artifacts",
  text: `
    INSERT INTO artifact (workspace_id, sha256, content_type, size_bytes, width, height, duration_ms)
    SELECT $1, sha256, "contentType", "sizeBytes", width, height, "durationMs"
    FROM jsonb_to_recordset($2::jsonb) AS a(sha256 text, "contentType" text, "sizeBytes" bigint, width int, height int, "durationMs" float8)
    ON CONFLICT DO NOTHING`,
};
const insertCacheSql: Statement = {
  name: "save_cache",
  text: `
    INSERT INTO cache_entry (workspace_id, cache_key, outputs, run_id, step_id, device_ms)
    SELECT $1, "cacheKey", outputs, $2, id, "deviceMs"
    FROM jsonb_to_recordset($3::jsonb) AS c(id text, "cacheKey" text, outputs jsonb, "deviceMs" float8)
    ON CONFLICT DO NOTHING`,
};
const insertEventsSql: Statement = {
  name: "save_events",
  text: `
    INSERT INTO run_event (run_id, seq, at, body)
    SELECT $1, $2 + place, to_timestamp($3::float8 / 1000), body
    FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS e(body, place)`,
};
const notifySql: Statement = { name: "save_notify", text: `SELECT pg_notify($1, $2)` };
const deleteInflightSql: Statement = {
  name: "save_delete_inflight",
  text: `
    DELETE FROM inflight i USING unnest($2::text[], $3::text[]) AS gone(key, id)
    WHERE i.workspace_id = $1 AND i.cache_key = gone.key AND i.step_id = gone.id`,
};
const findJoinedSql: Statement = {
  name: "save_find_joined",
  text: `
    SELECT DISTINCT run_id FROM step
    WHERE workspace_id = $1 AND cache_key = ANY ($2) AND status = 'READY' AND joined`,
};
