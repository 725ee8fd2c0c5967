import type { Database } from "../database.ts";
import { transaction, type Statement, type Transaction } from "../transaction.ts";
import { removeFiles } from "./artifact-lock.ts";

/** In one transaction, while everybody who keeps files waits. */
const batchSize = 50;

export interface TakeCondemnedOptions {
  /** Between being condemned and being taken. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Takes files away from the workspaces that were condemned to lose them, `batchSize` at most. Returns the SHA-256 of
 * those that no workspace holds any more: nobody can get at them now, and the caller removes them from the blob store and
 * says so with `finishFiles`. Throws when those who keep files hold the lock for long; nothing is taken then.
 */
export async function takeCondemned(
  database: Database,
  { graceMs }: TakeCondemnedOptions,
): Promise<{ readonly taken: number; readonly sha256s: string[] }> {
  return transaction(database, async (tx) => {
    await waitBriefly(tx);
    const { rows } = await tx.query<{ sha256: string }>(takeSql, [graceMs, batchSize]);
    const sha256s = await markUnheld(
      tx,
      rows.map(({ sha256 }) => sha256),
    );
    return { taken: rows.length, sha256s };
  });
}

/** Of blobs that were found in the store those that no workspace holds; to be removed as by `takeCondemned`. */
export async function takeUnheld(
  database: Database,
  sha256s: readonly string[],
): Promise<string[]> {
  return transaction(database, async (tx) => {
    await waitBriefly(tx);
    return markUnheld(tx, sha256s);
  });
}

/** Blobs that somebody began to remove and did not finish. */
export async function findUnfinished(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ sha256: string }>(
    "SELECT sha256 FROM swept_blob WHERE swept_at IS NULL",
  );
  return rows.map(({ sha256 }) => sha256);
}

/**
 * Says which blobs were removed, and which were left because they were put again. Results that were made before a
 * removal are refused from then on, and made again.
 */
export async function finishFiles(
  database: Database,
  { removed, left }: { readonly removed: readonly string[]; readonly left: readonly string[] },
): Promise<void> {
  await database.pool.query(finishSql, [removed, left]);
}

async function waitBriefly(tx: Transaction): Promise<void> {
  void tx.query({ name: "take_wait", text: "SET LOCAL lock_timeout = '1s'" }, []);
  await tx.query(removeFiles, []);
}

async function markUnheld(tx: Transaction, sha256s: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ sha256: string }>(markSql, [sha256s]);
  return rows.map(({ sha256 }) => sha256);
}

const takeSql: Statement = {
  name: "take_condemned",
  text: `
    DELETE FROM artifact WHERE (workspace_id, sha256) IN (
      SELECT workspace_id, sha256 FROM artifact
      WHERE condemned_at < now() - make_interval(secs => $1::float8 / 1000) LIMIT $2)
    RETURNING sha256`,
};
const markSql: Statement = {
  name: "take_mark",
  text: `
    INSERT INTO swept_blob (sha256)
    SELECT DISTINCT sha256 FROM unnest($1::text[]) AS given(sha256)
    WHERE NOT EXISTS (SELECT FROM artifact a WHERE a.sha256 = given.sha256)
    ON CONFLICT (sha256) DO UPDATE SET swept_at = NULL
    RETURNING sha256`,
};
/** What was swept long ago concerns no attempt that could still come in. */
const finishSql = `
  WITH removed AS (
    UPDATE swept_blob SET swept_at = clock_timestamp() WHERE sha256 = ANY ($1::text[])
  )
  DELETE FROM swept_blob WHERE sha256 = ANY ($2::text[]) OR swept_at < now() - interval '30 days'`;
