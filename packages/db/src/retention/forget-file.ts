import type { Database } from "../database.ts";
import { isWhole } from "./whole-result.ts";

/**
 * Forgets every result that has this file, which is missing from the blob store or damaged: what made it is computed anew
 * the next time, and makes the file again. Returns how many results were forgotten.
 */
export async function forgetFile(database: Database, sha256: string): Promise<number> {
  const { rowCount } = await database.pool.query(forgetSql, [sha256]);
  return rowCount ?? 0;
}

/**
 * Forgets every result whose files went with a sweep. A run that comes upon one forgets it by itself; this is for the room
 * that they take. Returns how many results were forgotten.
 */
export async function forgetSweptResults(database: Database): Promise<number> {
  const { rowCount } = await database.pool.query(
    `DELETE FROM cache_entry c WHERE NOT (${isWhole})`,
  );
  return rowCount ?? 0;
}

/** Reads the whole cache of the workspaces that hold the file; it is rare that one is damaged. */
const forgetSql = `
  DELETE FROM cache_entry c USING artifact a
  WHERE a.sha256 = $1 AND c.workspace_id = a.workspace_id
    AND jsonb_path_exists(c.outputs, '$.**.artifact.sha256 ? (@ == $lost)', jsonb_build_object('lost', $1::text))`;
