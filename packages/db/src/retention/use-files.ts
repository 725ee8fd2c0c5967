import type { Database } from "../database.ts";
import { transaction, type Statement, type Transaction } from "../transaction.ts";
import { keepFiles } from "./artifact-lock.ts";

/**
 * Says that these files are needed now: they stay for another retention, also those that were about to go. The
 * transaction holds `keepFiles`. Files that the workspace does not hold are passed over.
 */
export function useFiles(
  tx: Transaction,
  workspaceId: string,
  sha256s: readonly string[],
): Promise<unknown> {
  return sha256s.length === 0
    ? Promise.resolve()
    : tx.query(useSql, [workspaceId, [...new Set(sha256s)]]);
}

/** The same in a transaction of its own, for the files that a document names. */
export async function useDocumentFiles(
  database: Database,
  workspaceId: string,
  document: unknown,
): Promise<void> {
  const sha256s = filesNamedIn(JSON.stringify(document));
  if (sha256s.length === 0) return;
  await transaction(database, async (tx) => {
    void tx.query(keepFiles, []);
    await useFiles(tx, workspaceId, sha256s);
  });
}

/** SHA-256 of every file that a document, plan or input names, from its JSON. */
export function filesNamedIn(json: string): string[] {
  return [...json.matchAll(/"sha256":\s*"([0-9a-f]{64})"/g)].map(([, sha256 = ""]) => sha256);
}

/*
 * `used_at` is true to the hour, so that a file in every run is not written for each of them. In the order of the hashes,
 * so that two transactions do not wait for each other.
 */
const useSql: Statement = {
  name: "artifact_use",
  text: `
    UPDATE artifact a SET used_at = now(), condemned_at = NULL
    FROM (
      SELECT workspace_id, sha256 FROM artifact
      WHERE workspace_id = $1 AND sha256 = ANY ($2)
        AND (condemned_at IS NOT NULL OR used_at < now() - interval '1 hour')
      ORDER BY sha256 FOR NO KEY UPDATE
    ) stale
    WHERE a.workspace_id = stale.workspace_id AND a.sha256 = stale.sha256`,
};
