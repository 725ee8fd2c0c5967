import type { Database } from "./database.ts";

/*
 * What a runner without the stores of the server may have of them: what the tasks need that runners of its token hold
 * just now, and nothing else. `tokenId` null: the server's own runners.
 */

export interface RunnerFile {
  readonly tokenId: string | null;
  /** 64 lower-case hex digits */
  readonly sha256: string;
}

/** Whether a task that is held takes this file as an input, and its workspace may read it. */
export async function runnerMayRead(database: Database, file: RunnerFile): Promise<boolean> {
  const { rows } = await database.pool.query<{ may: boolean }>({
    name: "runner_may_read",
    text: `
      SELECT EXISTS (
        SELECT FROM (${heldSql}) held
        JOIN artifact a ON a.workspace_id = held.workspace_id AND a.sha256 = $2
        WHERE jsonb_path_exists(held.inputs, '$.**.sha256 ? (@ == $sha256)', jsonb_build_object('sha256', $2::text))
           OR jsonb_path_exists(held.params, '$.**.sha256 ? (@ == $sha256)', jsonb_build_object('sha256', $2::text))
      ) AS may`,
    values: [file.tokenId, file.sha256],
  });
  return rows[0]?.may ?? false;
}

/** Whether any task is held: only then there is something to write. */
export async function runnerMayWrite(database: Database, tokenId: string | null): Promise<boolean> {
  const { rows } = await database.pool.query<{ may: boolean }>({
    name: "runner_may_write",
    text: `SELECT EXISTS (${heldSql}) AS may`,
    values: [tokenId],
  });
  return rows[0]?.may ?? false;
}

export interface RunnerCheckpoint {
  readonly tokenId: string | null;
  readonly workspaceId: string;
  readonly cacheKey: string;
}

/** Whether a task with this key is held. */
export async function runnerMayCheckpoint(
  database: Database,
  { tokenId, workspaceId, cacheKey }: RunnerCheckpoint,
): Promise<boolean> {
  const { rows } = await database.pool.query<{ may: boolean }>({
    name: "runner_may_checkpoint",
    text: `
      SELECT EXISTS (
        SELECT FROM (${heldSql}) held WHERE held.workspace_id = $2 AND held.cache_key = $3
      ) AS may`,
    values: [tokenId, workspaceId, cacheKey],
  });
  return rows[0]?.may ?? false;
}

const heldSql = `
  SELECT s.workspace_id, s.inputs, s.params, s.cache_key FROM step s JOIN runner r ON r.id = s.lease_owner
  WHERE s.status = 'LEASED' AND r.token_id IS NOT DISTINCT FROM $1`;
