import { AppError } from "@heddle/core";
import type { Statement, Transaction } from "../transaction.ts";

/** What a workspace may have; absent: any amount. */
export interface RunQuota {
  /** Runs that have not ended. */
  readonly openRuns?: number | undefined;
  /** Seconds of devices, loads included, within 24 hours. */
  readonly deviceSecondsADay?: number | undefined;
}

/** A queue becomes shorter all the time; nobody knows when by one of this workspace. */
const fullQueueSeconds = 10;

/**
 * Throws AppError `rate_limited`, with what is used, the setting and when to come again, when the workspace may have no
 * further run. Submits of one workspace wait for each other from here to their commit, so that no two take the last place.
 */
export async function checkQuota(
  tx: Transaction,
  workspaceId: string,
  { openRuns, deviceSecondsADay }: RunQuota,
): Promise<void> {
  if (openRuns === undefined && deviceSecondsADay === undefined) return;
  void tx.query(lockSql, [workspaceId]);
  const [open, used] = await Promise.all([
    openRuns === undefined ? undefined : tx.query<{ count: number }>(openRunsSql, [workspaceId]),
    deviceSecondsADay === undefined
      ? undefined
      : tx.query<UsedRow>(deviceTimeSql, [workspaceId, deviceSecondsADay * 1000]),
  ]);
  const count = open?.rows[0]?.count ?? 0;
  if (openRuns !== undefined && count >= openRuns) {
    throw new AppError(
      "rate_limited",
      `This workspace has ${count} runs that have not ended, and may have ${openRuns} (HEDDLE_QUOTA_RUNS); wait for some, or cancel them`,
      { retryAfterSeconds: fullQueueSeconds },
    );
  }
  const { used_ms: usedMs = 0, again_seconds: againSeconds = null } = used?.rows[0] ?? {};
  if (deviceSecondsADay !== undefined && usedMs >= deviceSecondsADay * 1000) {
    const usedSeconds = (usedMs / 1000).toFixed(1);
    throw new AppError(
      "rate_limited",
      `This workspace has used ${usedSeconds} s of devices within 24 hours, and may use ${deviceSecondsADay} (HEDDLE_QUOTA_DEVICE_SECONDS)`,
      { retryAfterSeconds: againSeconds ?? fullQueueSeconds },
    );
  }
}

interface UsedRow {
  readonly used_ms: number;
  /** Seconds until so much of it is a day old that there is room again; null: there is. */
  readonly again_seconds: number | null;
}

const lockSql: Statement = {
  name: "quota_lock",
  text: `SELECT pg_advisory_xact_lock(hashtext('heddle quota'), hashtext($1))`,
};
const openRunsSql: Statement = {
  name: "quota_open_runs",
  text: `
    SELECT count(*)::int AS count FROM run
    WHERE workspace_id = $1 AND status IN ('QUEUED', 'RUNNING', 'PAUSED', 'CANCELING')`,
};
const deviceTimeSql: Statement = {
  name: "quota_device_time",
  text: `
    WITH lately AS (
      SELECT u.created_at, s.load_ms + s.device_ms AS ms FROM usage_event u JOIN step s ON s.id = u.step_id
      WHERE u.workspace_id = $1 AND u.created_at > now() - interval '24 hours'
    ), summed AS (
      SELECT created_at, sum(ms) OVER (ORDER BY created_at DESC) AS newer_ms FROM lately
    )
    SELECT (SELECT coalesce(sum(ms), 0)::float8 FROM lately) AS used_ms,
      (SELECT extract(epoch FROM max(created_at) + interval '24 hours' - now())::float8 FROM summed WHERE newer_ms >= $2)
        AS again_seconds`,
};
