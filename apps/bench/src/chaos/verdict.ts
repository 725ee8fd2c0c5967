import { setTimeout } from "node:timers/promises";
import type { Database } from "@heddle/db";
import { findDamagedArtifacts, findViolations } from "@heddle/db/invariants";
import type { BlobStore } from "@heddle/infra";
import type { Accepted } from "./client.ts";

/** What became of the runs of one scenario, counted in SQL. */
export interface Verdict {
  /** Accepted runs that did not succeed, or are not there. */
  readonly lost: number;
  /** Runs beyond one for each key, steps paid more than once, and payments without a committed step. */
  readonly doubleBilled: number;
  /** Commits by another lease than the step's last, or twice. */
  readonly staleCommits: number;
  /** Rules that are broken, in words. */
  readonly violations: readonly string[];
  /** Leases that ended without an answer. */
  readonly lostLeases: number;
}

/** Resolves when every run is over, or nothing has moved for `patienceMs`. */
export async function untilOver(database: Database, patienceMs: number): Promise<void> {
  let live = -1;
  for (let until = Infinity; performance.now() < until;) {
    const now = await count(database, liveSql);
    if (now === 0) return;
    if (now !== live) until = performance.now() + patienceMs;
    live = now;
    await setTimeout(100);
  }
}

export async function judge(
  database: Database,
  blobs: BlobStore,
  accepted: readonly Accepted[],
): Promise<Verdict> {
  const damaged = await findDamagedArtifacts(database, (sha256) => blobs.read(sha256));
  const runIds = accepted.map(({ runId }) => runId);
  const keys = accepted.map(({ key }) => key);
  const [succeeded, extraRuns, twicePaid] = [
    await count(database, succeededSql, [[...new Set(runIds)]]),
    await count(database, extraRunsSql, [keys, runIds]),
    await count(database, twicePaidSql),
  ];
  return {
    lost: new Set(keys).size - succeeded,
    doubleBilled: extraRuns + twicePaid,
    staleCommits: await count(database, staleSql),
    violations: [
      ...(await findViolations(database)),
      ...damaged.map((sha256) => `I5 the file ${sha256} is damaged`),
    ],
    lostLeases: await count(database, lostLeasesSql),
  };
}

async function count(
  database: Database,
  sql: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(sql, [...values]);
  return rows[0]?.count ?? 0;
}

const liveSql = `
  SELECT count(*)::int FROM run WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')`;
const succeededSql = `SELECT count(*)::int FROM run WHERE id = ANY($1::text[]) AND status = 'SUCCEEDED'`;
/** Of these keys: runs that another one than the accepted run, or none, stands for. */
const extraRunsSql = `
  SELECT count(*)::int FROM unnest($1::text[], $2::text[]) AS given(key, run_id)
  LEFT JOIN idempotency_key k ON k.key = given.key WHERE k.run_id IS DISTINCT FROM given.run_id`;
/** A run without a key, or one that shares its key, is one too many: every request had a key of its own. */
const twicePaidSql = `
  SELECT ((SELECT count(*) FROM run r WHERE NOT EXISTS (SELECT FROM idempotency_key k WHERE k.run_id = r.id))
    + (SELECT count(*) FROM (SELECT step_id FROM usage_event GROUP BY step_id HAVING count(*) > 1) AS paid)
    + (SELECT count(*) FROM usage_event u WHERE NOT EXISTS (
        SELECT FROM step_attempt a WHERE a.step_id = u.step_id AND a.outcome = 'SUCCEEDED')))::int AS count`;
const staleSql = `
  SELECT count(*)::int FROM step_attempt a JOIN step s ON s.id = a.step_id
  WHERE a.outcome = 'SUCCEEDED' AND (a.epoch <> s.epoch OR s.status <> 'SUCCEEDED')`;
const lostLeasesSql = `SELECT count(*)::int FROM step_attempt WHERE outcome = 'LOST'`;
