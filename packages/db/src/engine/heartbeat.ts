import type { Database } from "../database.ts";

export interface Lease {
  readonly taskId: string;
  readonly epoch: number;
}

export interface HeartbeatOptions {
  readonly runnerId: string;
  readonly running: readonly Lease[];
  readonly leaseMs: number;
}

export interface HeartbeatResult {
  /** Leases that this runner no longer holds: it must abort those tasks. */
  readonly lost: readonly string[];
  /** Leases of runs that are being cancelled: to be aborted and handed back. */
  readonly canceled: readonly Lease[];
  /** Of the leases that it does hold: which run each is of, by task. */
  readonly runIds: ReadonlyMap<string, string>;
}

/** Extends the leases that a runner still works on. */
export async function heartbeat(
  database: Database,
  options: HeartbeatOptions,
): Promise<HeartbeatResult> {
  const { running, runnerId, leaseMs } = options;
  if (running.length === 0) return { lost: [], canceled: [], runIds: new Map() };
  const { rows } = await database.pool.query<{
    id: string;
    epoch: number;
    canceling: boolean;
    held: boolean;
    run_id: string | null;
  }>({
    name: "heartbeat",
    text: heartbeatSql,
    values: [
      running.map(({ taskId }) => taskId),
      running.map(({ epoch }) => epoch),
      runnerId,
      leaseMs,
    ],
  });
  return {
    lost: rows.filter(({ held }) => !held).map(({ id }) => id),
    canceled: rows
      .filter(({ held, canceling }) => held && canceling)
      .map(({ id, epoch }) => ({ taskId: id, epoch })),
    runIds: new Map(rows.flatMap(({ id, run_id }) => (run_id === null ? [] : [[id, run_id]]))),
  };
}

/*
 * A row that is locked just now is being completed or expired: it is passed over, and keeps the time that it has left.
 * Without that, two transactions that touch several steps could wait for each other.
 */
const heartbeatSql = `
  WITH told AS (
    SELECT * FROM unnest($1::text[], $2::int[]) AS t(id, epoch)
  ), free AS (
    SELECT s.id FROM step s JOIN told t ON t.id = s.id AND t.epoch = s.epoch
    WHERE s.status = 'LEASED' AND s.lease_owner = $3 FOR UPDATE OF s SKIP LOCKED
  ), extended AS (
    UPDATE step s SET lease_expires_at = now() + make_interval(secs => $4::float8 / 1000) FROM free WHERE s.id = free.id
  )
  SELECT t.id, t.epoch, coalesce(r.status = 'CANCELING', false) AS canceling, s.id IS NOT NULL AS held, s.run_id
  FROM told t
  LEFT JOIN step s ON s.id = t.id AND s.epoch = t.epoch AND s.status = 'LEASED' AND s.lease_owner = $3
  LEFT JOIN run r ON r.id = s.run_id`;

/** Leases of this runner whose runs are being cancelled. */
export async function findCanceled(database: Database, runnerId: string): Promise<Lease[]> {
  const { rows } = await database.pool.query<{ id: string; epoch: number }>({
    name: "find_canceled",
    text: `
      SELECT s.id, s.epoch FROM step s JOIN run r ON r.id = s.run_id
      WHERE r.status = 'CANCELING' AND s.status = 'LEASED' AND s.lease_owner = $1`,
    values: [runnerId],
  });
  return rows.map(({ id, epoch }) => ({ taskId: id, epoch }));
}
