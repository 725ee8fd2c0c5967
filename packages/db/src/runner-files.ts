import type { Value } from "@heddle/core";
import type { Database } from "./database.ts";
import { artifactsOf } from "./engine/measure-outputs.ts";

/*
 * A file is named by its hash, so whoever may name any hash in a result could read any file that is stored. The own runners
 * of a workspace are strangers to the others: their results name what they have stored themselves, and what the workspace
 * holds anyway. Nothing is asked of runners of the whole cluster.
 */

export interface StoredByRunner {
  readonly tokenId: string;
  /** 64 lower-case hex digits */
  readonly sha256: string;
}

/** Notes that a runner with this token has stored these bytes. A day is longer than any run takes; older notes go. */
export async function noteRunnerFile(database: Database, file: StoredByRunner): Promise<void> {
  await database.pool.query({
    name: "note_runner_file",
    text: `
      WITH old AS (
        DELETE FROM runner_file WHERE (token_id, sha256) IN (
          SELECT token_id, sha256 FROM runner_file WHERE stored_at < now() - interval '1 day'
          LIMIT 100 FOR UPDATE SKIP LOCKED)
      )
      INSERT INTO runner_file (token_id, sha256) VALUES ($1, $2)
      ON CONFLICT (token_id, sha256) DO UPDATE SET stored_at = now()`,
    values: [file.tokenId, file.sha256],
  });
}

export interface RunnerOutputs {
  readonly tokenId: string;
  readonly workspaceId: string;
  readonly outputs: Readonly<Record<string, Value>>;
}

/** A file that these outputs name and that is none of the runner's; null: there is none. */
export async function findForeignFile(
  database: Database,
  { tokenId, workspaceId, outputs }: RunnerOutputs,
): Promise<string | null> {
  const named = artifactsOf(outputs).map(({ sha256 }) => sha256);
  if (named.length === 0) return null;
  const { rows } = await database.pool.query<{ sha256: string }>({
    name: "find_foreign_file",
    text: `
      SELECT sha256 FROM unnest($3::text[]) AS named(sha256)
      WHERE NOT EXISTS (SELECT FROM runner_file f WHERE f.token_id = $1 AND f.sha256 = named.sha256)
        AND NOT EXISTS (SELECT FROM artifact a WHERE a.workspace_id = $2 AND a.sha256 = named.sha256)
      LIMIT 1`,
    values: [tokenId, workspaceId, named],
  });
  return rows[0]?.sha256 ?? null;
}
