import type { Json, Task, Value } from "@heddle/core";
import type { Database } from "../database.ts";
import type { StepSpec } from "../runs/step-spec.ts";

export interface ClaimTasksOptions {
  readonly runnerId: string;
  /** READY steps; what is not READY any more is left out, and what is not of the workspace whose own the runner is. */
  readonly stepIds: readonly string[];
  readonly leaseMs: number;
}

interface ClaimRow {
  readonly id: string;
  readonly epoch: number;
  readonly run_id: string;
  readonly workspace_id: string;
  readonly step_id: string;
  readonly node_ids: string[];
  readonly item: number | null;
  readonly op: string;
  readonly spec: StepSpec;
  readonly params: Record<string, Json>;
  readonly inputs: Record<string, Value>;
  readonly cache_key: string;
  readonly deadline_at: Date;
}

/** Leases steps to a runner, in one statement. */
export async function claimTasks(database: Database, options: ClaimTasksOptions): Promise<Task[]> {
  const { rows } = await database.pool.query<ClaimRow>({
    name: "claim_tasks",
    text: claimSql,
    values: [options.runnerId, options.stepIds, options.leaseMs],
  });
  return rows.map(toTask);
}

function toTask(row: ClaimRow): Task {
  return {
    taskId: row.id,
    epoch: row.epoch,
    runId: row.run_id,
    workspaceId: row.workspace_id,
    stepId: row.step_id,
    nodeIds: row.node_ids,
    item: row.item,
    op: row.op,
    version: row.spec.version,
    ...(row.spec.model === undefined ? {} : { model: row.spec.model }),
    params: row.params,
    inputs: row.inputs,
    cacheKey: row.cache_key,
    deadlineAt: row.deadline_at.toISOString(),
  };
}

/*
 * The runs are locked before their steps, as everywhere, and in the order of their ids, so that no two transactions wait
 * for each other. A step that another claim took meanwhile fails the check on its status, which Postgres makes again on
 * the newest version of the row. Arrays, and a status compared as text, so that rows are found by their key and never by
 * reading all that is READY or under way.
 */
const claimSql = `
  WITH candidate AS MATERIALIZED (
    SELECT id, run_id FROM step
    WHERE id = ANY ($2) AND status = 'READY' AND NOT joined AND available_at <= now()
      AND workspace_id = coalesce((SELECT workspace_id FROM runner WHERE id = $1), workspace_id)
  ), locked AS MATERIALIZED (
    SELECT id, status, event_seq, deadline_at FROM run
    WHERE id = ANY (ARRAY(SELECT run_id FROM candidate)) AND status::text IN ('QUEUED', 'RUNNING')
    ORDER BY id FOR UPDATE
  ), leased AS (
    UPDATE step s SET status = 'LEASED', epoch = s.epoch + 1, attempt = s.attempt + 1, lease_owner = $1,
      lease_expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000), started_at = clock_timestamp()
    WHERE s.id = ANY (ARRAY(SELECT c.id FROM candidate c JOIN locked l ON l.id = c.run_id)) AND s.status = 'READY'
    RETURNING s.*
  ), started AS (
    SELECT l.id AS run_id, l.event_seq, l.deadline_at, (l.status = 'QUEUED')::int AS begins, count(*)::int AS steps
    FROM locked l JOIN leased s ON s.run_id = l.id GROUP BY l.id, l.event_seq, l.deadline_at, l.status
  ), counted AS (
    UPDATE run r SET event_seq = r.event_seq + b.begins + b.steps, status = 'RUNNING',
      started_at = coalesce(r.started_at, clock_timestamp())
    FROM started b WHERE r.id = b.run_id
  ), attempts AS (
    INSERT INTO step_attempt (step_id, epoch, runner_id) SELECT id, epoch, $1 FROM leased
  ), events AS (
    INSERT INTO run_event (run_id, seq, at, body)
    SELECT run_id, event_seq + 1, clock_timestamp(), '{"type": "run.started"}' FROM started WHERE begins = 1
    UNION ALL
    SELECT s.run_id, b.event_seq + b.begins + row_number() OVER (PARTITION BY s.run_id ORDER BY s.ordinal, s.item),
      clock_timestamp(), jsonb_build_object('type', 'step.started', 'stepId', s.step_id, 'nodeIds', s.node_ids,
        'item', s.item, 'runnerId', $1::text)
    FROM leased s JOIN started b ON b.run_id = s.run_id
  ), told AS (
    SELECT count(pg_notify('heddle_run', json_build_object('runId', run_id)::text)) FROM started
  )
  SELECT s.id, s.epoch, s.run_id, s.workspace_id, s.step_id, s.node_ids, s.item, s.op, s.spec, s.params, s.inputs,
    s.cache_key, b.deadline_at
  FROM told, leased s JOIN started b ON b.run_id = s.run_id
  ORDER BY s.available_at, s.ordinal, s.item`;
