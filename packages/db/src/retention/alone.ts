import type { Database } from "../database.ts";

/** One sweep of the files at a time, in all processes together. */
const sweepKey = 72_707_371;

/**
 * Does the work unless another process is doing it: null then. The lock lives as long as its connection, so a process
 * that dies lets go of it, and one that stands still does not.
 */
export async function aloneWithFiles<Result>(
  database: Database,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const client = await database.pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>(
      "SELECT pg_try_advisory_lock($1) AS got",
      [sweepKey],
    );
    if (rows[0]?.got !== true) return null;
    try {
      return await work();
    } finally {
      await client.query("SELECT pg_advisory_unlock($1)", [sweepKey]);
    }
  } finally {
    client.release();
  }
}
