import type { Database } from "../database.ts";

/** The spans that submitted these runs, by run; those without one are left out. */
export async function readTraceparents(
  database: Database,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.pool.query<{ id: string; traceparent: string }>({
    name: "read_traceparents",
    text: "SELECT id, traceparent FROM run WHERE id = ANY ($1) AND traceparent IS NOT NULL",
    values: [runIds],
  });
  return new Map(rows.map(({ id, traceparent }) => [id, traceparent]));
}
