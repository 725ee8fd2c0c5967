import { isTerminalRun } from "@heddle/core";
import { toJsonb } from "../to-jsonb.ts";
import type { Statement } from "../transaction.ts";
import type { RunWork } from "./run-work.ts";
import { cancelNews, writeReadyNews } from "./step-news.ts";
import type { WorkStep } from "./work-step.ts";

/**
 * Sends what changed; the run's lock is held, so nothing was changed underneath. Does not wait for the answers, so that
 * COMMIT travels with them. Returns the runs with a step that waited for what is no longer in flight: to be advanced.
 */
export function saveWork(work: RunWork): Promise<string[]> {
  saveSteps(work);
  const waiting = saveResults(work);
  saveRun(work);
  return waiting;
}

/** Whether anything is different from what was read. */
export function hasChanges(work: RunWork): boolean {
  return work.events.length > 0 || work.changed.size > 0 || work.attempts.length > 0;
}

function saveSteps({ tx, run, changed, created, now }: RunWork): void {
  if (created.length > 0) {
    void tx.query(insertItemsSql, [run.id, run.workspaceId, toJsonb(created.map(toItemRow))]);
  }
  const rows = [...new Set([...changed, ...created])].map((step) => toRow(step, now));
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
    attempt: step.attempt,
    infra_failures: step.infraFailures,
    epoch: step.epoch,
    lease_owner: step.leaseOwner,
    lease_expires_at: step.leaseExpiresAt,
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

/** What goes with steps that runners took or ended; one statement, since most completions write all of it. */
async function saveResults(work: RunWork): Promise<string[]> {
  const { tx, run, attempts, leases, usage, artifacts, cacheable, released } = work;
  if (attempts.length + leases.length + released.length === 0) return [];
  const { rows } = await tx.query<{ run_id: string }>(saveResultsSql, [
    run.workspaceId,
    run.id,
    toJsonb(attempts),
    toJsonb(
      leases.map(({ id, epoch, leaseOwner }) => ({ step_id: id, epoch, runner_id: leaseOwner })),
    ),
    toJsonb(usage),
    toJsonb([...artifacts.values()]),
    toJsonb(
      cacheable.map(({ id, cacheKey, outputs, deviceMs }) => ({ id, cacheKey, outputs, deviceMs })),
    ),
    released.map(({ cacheKey }) => cacheKey),
    released.map(({ stepId }) => stepId),
  ]);
  return rows.map(({ run_id }) => run_id);
}

/** The run's row, its history, and the news of it. */
function saveRun({ tx, run, events, changed, now, origin, canceling }: RunWork): void {
  const isDispatchable = [...changed].some(({ status, joined }) => status === "READY" && !joined);
  void tx.query(saveRunSql, [
    run.id,
    run.status,
    run.eventSeq,
    run.remaining,
    run.costUsd,
    run.error === null ? null : toJsonb(run.error),
    toJsonb(run.newOutputs),
    now,
    isTerminalRun(run.status),
    run.cancelRequested,
    run.startedAt,
    toJsonb(events),
    toJsonb({ runId: run.id }),
    isDispatchable ? writeReadyNews(run.id, origin) : null,
    canceling ? cancelNews : null,
    run.waiting,
    run.heldAt,
    run.deadlineAt,
  ]);
}

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
    UPDATE step s SET status = u.status, deps_remaining = u.deps_remaining, attempt = u.attempt,
      infra_failures = u.infra_failures, epoch = u.epoch, lease_owner = u.lease_owner,
      lease_expires_at = to_timestamp(u.lease_expires_at / 1000), available_at = to_timestamp(u.available_at / 1000),
      joined = u.joined, cache_key = u.cache_key, params = coalesce(u.params, s.params), inputs = coalesce(u.inputs, s.inputs),
      outputs = u.outputs, error = u.error, cached = u.cached, from_run_id = u.from_run_id,
      ready_at = to_timestamp(u.ready_at / 1000), started_at = to_timestamp(u.started_at / 1000),
      finished_at = to_timestamp(u.finished_at / 1000), load_ms = u.load_ms, device_ms = u.device_ms, cost_usd = u.cost_usd
    FROM jsonb_to_recordset($1::jsonb) AS u(id text, status step_status, deps_remaining int, attempt int,
      infra_failures int, epoch int, lease_owner text, lease_expires_at float8, available_at float8, joined boolean,
      cache_key text, params jsonb, inputs jsonb, outputs jsonb, error jsonb, cached boolean, from_run_id text,
      ready_at float8, started_at float8, finished_at float8, load_ms float8, device_ms float8, cost_usd numeric(18, 8))
    WHERE s.id = u.id`,
};
const saveResultsSql: Statement = {
  name: "save_results",
  text: `
    WITH ended AS (
      UPDATE step_attempt a SET finished_at = clock_timestamp(), outcome = u.outcome, error = u.error
      FROM jsonb_to_recordset($3::jsonb) AS u(step_id text, epoch int, outcome text, error jsonb)
      WHERE a.step_id = u.step_id AND a.epoch = u.epoch
    ), leased AS (
      INSERT INTO step_attempt (step_id, epoch, runner_id)
      SELECT step_id, epoch, runner_id FROM jsonb_to_recordset($4::jsonb) AS l(step_id text, epoch int, runner_id text)
    ), used AS (
      INSERT INTO usage_event (step_id, meter, workspace_id, run_id, quantity, unit_price_usd, cost_usd)
      SELECT step_id, meter, $1, $2, quantity, unit_price_usd, cost_usd
      FROM jsonb_to_recordset($5::jsonb) AS u(step_id text, meter text, quantity float8, unit_price_usd numeric(18, 8), cost_usd numeric(18, 8))
      ON CONFLICT DO NOTHING
    ), stored AS (
      INSERT INTO artifact (workspace_id, sha256, content_type, size_bytes, width, height, duration_ms)
      SELECT $1, sha256, "contentType", "sizeBytes", width, height, "durationMs"
      FROM jsonb_to_recordset($6::jsonb) AS a(sha256 text, "contentType" text, "sizeBytes" bigint, width int, height int, "durationMs" float8)
      ORDER BY sha256
      ON CONFLICT (workspace_id, sha256) DO UPDATE SET used_at = now(), condemned_at = NULL
    ), cached AS (
      INSERT INTO cache_entry (workspace_id, cache_key, outputs, run_id, step_id, device_ms)
      SELECT DISTINCT ON ("cacheKey") $1, "cacheKey", outputs, $2, id, "deviceMs"
      FROM jsonb_to_recordset($7::jsonb) AS c(id text, "cacheKey" text, outputs jsonb, "deviceMs" float8)
      ON CONFLICT DO NOTHING
    ), released AS (
      DELETE FROM inflight i USING unnest($8::text[], $9::text[]) AS gone(key, id)
      WHERE i.workspace_id = $1 AND i.cache_key = gone.key AND i.step_id = gone.id
    )
    SELECT DISTINCT run_id FROM step
    WHERE workspace_id = $1 AND cache_key = ANY ($8) AND status = 'READY' AND joined`,
};
const saveRunSql: Statement = {
  name: "save_run",
  text: `
    WITH told AS (
      INSERT INTO run_event (run_id, seq, at, body)
      SELECT $1, $3 + place, to_timestamp($8::float8 / 1000), body
      FROM jsonb_array_elements($12::jsonb) WITH ORDINALITY AS e(body, place)
    ), changed AS (
      UPDATE run SET status = $2::run_status, event_seq = $3 + jsonb_array_length($12::jsonb), remaining = $4,
        cost_usd = $5::float8::numeric(18, 8), error = $6::jsonb,
        outputs = CASE WHEN $7::jsonb = '{}' THEN outputs ELSE outputs || $7::jsonb END,
        started_at = coalesce(started_at, to_timestamp($11::float8 / 1000)),
        finished_at = CASE WHEN $9 THEN coalesce(finished_at, to_timestamp($8::float8 / 1000)) END,
        cancel_requested_at = CASE WHEN $10 THEN coalesce(cancel_requested_at, to_timestamp($8::float8 / 1000)) END,
        waiting = $16, held_at = to_timestamp($17::float8 / 1000),
        deadline_at = CASE WHEN held_at IS NULL THEN deadline_at ELSE to_timestamp($18::float8 / 1000) END
      WHERE id = $1
    )
    SELECT CASE WHEN jsonb_array_length($12::jsonb) > 0 THEN pg_notify('heddle_run', $13) END,
      CASE WHEN $14::text IS NOT NULL THEN pg_notify('heddle_ready', $14) END,
      CASE WHEN $15::text IS NOT NULL THEN pg_notify('heddle_ready', $15) END`,
};
