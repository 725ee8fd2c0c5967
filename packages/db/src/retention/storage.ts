import type { Database } from "../database.ts";

export interface Storage {
  readonly files: number;
  readonly sizeBytes: number;
}

/** What the files of a workspace take. A file that several workspaces hold lies in the store once, and counts for each. */
export async function readStorage(database: Database, workspaceId: string): Promise<Storage> {
  const { rows } = await database.pool.query<{ files: number; size_bytes: number }>({
    name: "storage",
    text: `
      SELECT count(*)::int AS files, coalesce(sum(size_bytes), 0)::float8 AS size_bytes
      FROM artifact WHERE workspace_id = $1`,
    values: [workspaceId],
  });
  return { files: rows[0]?.files ?? 0, sizeBytes: rows[0]?.size_bytes ?? 0 };
}
