import type { Database } from "../database.ts";
import { advanceRun } from "./advance-run.ts";
import type { EngineOptions } from "./change-run.ts";
import { expireLeases, expireRun } from "./expire.ts";
import type { StepNews } from "./step-news.ts";

export interface SweepOptions extends EngineOptions {
  /** A submitted run that nobody has advanced for this long was not rung. Milliseconds, default 2,000. */
  readonly unrungAfterMs?: number | undefined;
}

export interface Swept {
  readonly expiredLeases: number;
  readonly expiredRuns: number;
  /** Runs that went on because of this: their doorbell was lost, or what they waited for was over. */
  readonly advancedRuns: number;
  /** Of the steps for runners that were changed. */
  readonly news: readonly StepNews[];
  /** Runs that could not be helped this time. */
  readonly failures: readonly { readonly runId: string; readonly error: unknown }[];
}

interface DueRow {
  readonly kind: "lease" | "deadline" | "idle";
  readonly run_id: string;
}

/**
 * Finds what nobody else will see to: leases that ran out, runs whose time is up, runs whose doorbell was lost, steps that
 * wait for work that is no longer under way. Any number of processes may sweep: each finding is checked again under the
 * run's lock.
 */
export async function sweep(database: Database, options: SweepOptions): Promise<Swept> {
  await database.pool.query({ name: "sweep_inflight", text: deadInflightSql });
  const { rows } = await database.pool.query<DueRow>({
    name: "sweep",
    text: dueSql,
    values: [options.unrungAfterMs ?? 2_000],
  });
  const runsOf = (kind: DueRow["kind"]) =>
    rows.filter((row) => row.kind === kind).map(({ run_id }) => run_id);
  const swept = {
    expiredLeases: 0,
    expiredRuns: 0,
    advancedRuns: 0,
  };
  const news: StepNews[] = [];
  const failures: { runId: string; error: unknown }[] = [];
  const idle = new Set(runsOf("idle"));
  /** A run that cannot be helped must not keep the others from it. */
  const attempt = async (runId: string, work: () => Promise<Changed>) => {
    try {
      const changed = await work();
      news.push(...changed.news);
      for (const other of changed.wake) idle.add(other);
    } catch (error) {
      failures.push({ runId, error });
    }
  };
  for (const runId of runsOf("lease")) {
    await attempt(runId, async () => {
      const changed = await expireLeases(database, { ...options, runId });
      swept.expiredLeases += changed.result;
      return changed;
    });
  }
  for (const runId of runsOf("deadline")) {
    await attempt(runId, async () => {
      const changed = await expireRun(database, { ...options, runId });
      if (changed.result) swept.expiredRuns += 1;
      return changed;
    });
  }
  // A set may grow while it is walked: a run that is advanced may wake others.
  for (const runId of idle) {
    await attempt(runId, () => advanceRun(database, { ...options, runId }));
    swept.advancedRuns += 1;
  }
  return { ...swept, news, failures };
}

interface Changed {
  readonly news: readonly StepNews[];
  readonly wake: readonly string[];
}

/** Keys that steps wait for, held by a step that is over: there are none, unless somebody deleted runs by hand. */
const deadInflightSql = `
  DELETE FROM inflight i USING step s
  WHERE s.status = 'READY' AND s.joined AND i.workspace_id = s.workspace_id AND i.cache_key = s.cache_key
    AND NOT EXISTS (SELECT FROM step holder WHERE holder.id = i.step_id AND holder.status IN ('READY', 'LEASED'))`;

const dueSql = `
  (SELECT DISTINCT 'lease' AS kind, run_id FROM step WHERE status = 'LEASED' AND lease_expires_at < now() LIMIT 500)
  UNION ALL
  (SELECT 'deadline', id FROM run WHERE status IN ('QUEUED', 'RUNNING', 'CANCELING') AND held_at IS NULL
     AND deadline_at <= now() LIMIT 500)
  UNION ALL
  (SELECT DISTINCT 'idle', s.run_id FROM step s JOIN run r ON r.id = s.run_id
   WHERE s.status = 'BLOCKED' AND s.deps_remaining = 0 AND r.status <> 'PAUSED'
     AND r.created_at < now() - make_interval(secs => $1::float8 / 1000) LIMIT 500)
  UNION ALL
  (SELECT DISTINCT 'idle', s.run_id FROM step s JOIN run r ON r.id = s.run_id
   WHERE s.status = 'READY' AND s.joined AND r.status <> 'PAUSED' AND NOT EXISTS (
     SELECT FROM inflight i WHERE i.workspace_id = s.workspace_id AND i.cache_key = s.cache_key) LIMIT 500)`;
