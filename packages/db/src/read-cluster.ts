import { residentSchema, type Resident } from "@heddle/core";
import { z } from "zod";
import type { Database } from "./database.ts";
import { listRunners, type RunnerView } from "./runners.ts";

/** How a runner spent the last minutes. */
export interface RunnerShares {
  /** Part of the time in which it had a task, 0–1. */
  readonly busy: number;
  /** Milliseconds of loading, and of computing, in the tasks that it has finished; tasks at the same time each count. */
  readonly loadMs: number;
  readonly deviceMs: number;
  /** Tasks that it has finished. */
  readonly tasks: number;
  /** Tasks that it has now. */
  readonly running: number;
}

export interface ClusterRunner extends RunnerView, RunnerShares {
  readonly resident: readonly Resident[];
}

/** Steps that one model, or one op without a model, is wanted for. */
export interface ClusterQueue {
  readonly op: string;
  readonly modelId: string | null;
  readonly waiting: number;
  readonly running: number;
  /** When the first of those that wait became ready. */
  readonly oldestAt: Date | null;
}

export interface ClusterView {
  readonly runners: readonly ClusterRunner[];
  /** The longest first. */
  readonly queues: readonly ClusterQueue[];
  readonly windowMinutes: number;
}

const windowMinutes = 15;
/** An attempt may have begun before the window; none takes longer than this. */
const longestMinutes = 60;

/** What the runners hold, do and have done lately (all of them, or those of one workspace), and what waits for them. */
export async function readCluster(
  database: Database,
  of: { readonly workspaceId?: string | null } = {},
): Promise<ClusterView> {
  const [runners, shares, residents, queues] = await Promise.all([
    listRunners(database, of),
    readShares(database),
    readResidents(database),
    readQueues(database),
  ]);
  return {
    runners: runners.map((runner) => ({
      ...runner,
      ...(shares.get(runner.id) ?? idle),
      resident: residents.get(runner.id) ?? [],
    })),
    queues,
    windowMinutes,
  };
}

const idle: RunnerShares = { busy: 0, loadMs: 0, deviceMs: 0, tasks: 0, running: 0 };

async function readShares(database: Database): Promise<ReadonlyMap<string, RunnerShares>> {
  const { rows } = await database.pool.query<RunnerShares & { readonly id: string }>(
    `WITH lately AS (
       SELECT a.runner_id, a.outcome, a.finished_at, s.load_ms, s.device_ms,
         tstzrange(greatest(a.started_at, now() - make_interval(mins => $1)), coalesce(a.finished_at, now())) AS span
       FROM step_attempt a JOIN step s ON s.id = a.step_id
       WHERE a.started_at BETWEEN now() - make_interval(mins => $1 + $2) AND now()
         AND coalesce(a.finished_at, now()) > now() - make_interval(mins => $1)
     ), busy AS (
       SELECT runner_id, sum(extract(epoch FROM upper(part) - lower(part))) / ($1 * 60) AS share
       FROM (SELECT runner_id, unnest(range_agg(span)) AS part FROM lately GROUP BY runner_id) parts GROUP BY runner_id
     )
     SELECT l.runner_id AS id, b.share::float8 AS busy,
       coalesce(sum(load_ms) FILTER (WHERE outcome = 'SUCCEEDED'), 0)::float8 AS "loadMs",
       coalesce(sum(device_ms) FILTER (WHERE outcome = 'SUCCEEDED'), 0)::float8 AS "deviceMs",
       count(finished_at)::int AS tasks, (count(*) - count(finished_at))::int AS running
     FROM lately l JOIN busy b USING (runner_id) GROUP BY l.runner_id, b.share`,
    [windowMinutes, longestMinutes],
  );
  return new Map(rows.map(({ id, ...shares }) => [id, shares]));
}

async function readResidents(database: Database): Promise<ReadonlyMap<string, Resident[]>> {
  const { rows } = await database.pool.query<{ id: string; resident: unknown }>(
    "SELECT id, resident FROM runner WHERE replaced_at IS NULL",
  );
  const schema = z.array(residentSchema);
  return new Map(rows.map(({ id, resident }) => [id, schema.safeParse(resident).data ?? []]));
}

async function readQueues(database: Database): Promise<ClusterQueue[]> {
  const { rows } = await database.pool.query<ClusterQueue>(
    `SELECT op, spec->'model'->>'id' AS "modelId",
       (count(*) FILTER (WHERE status = 'READY'))::int AS waiting,
       (count(*) FILTER (WHERE status = 'LEASED'))::int AS running,
       min(available_at) FILTER (WHERE status = 'READY') AS "oldestAt"
     FROM step WHERE status IN ('READY', 'LEASED') AND op IS NOT NULL AND NOT joined
     GROUP BY op, spec->'model'->>'id' ORDER BY waiting DESC, running DESC, op`,
  );
  return rows;
}
