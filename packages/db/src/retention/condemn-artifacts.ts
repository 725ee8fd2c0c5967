import type { Database } from "../database.ts";

export interface CondemnOptions {
  /** Files that nobody needed for this long, and that nothing names, are condemned. Milliseconds. */
  readonly retentionMs: number;
}

/**
 * Marks the files that nobody needs any more. What is marked is there still, and comes back when a run, an upload or a
 * saved workflow needs it before it is swept. Kept are, whatever their age: files that a workflow or a published version
 * names, what share pages show, what comes with Heddle, and everything that a run under way may have. Returns how many
 * were marked.
 */
export async function condemnArtifacts(
  database: Database,
  { retentionMs }: CondemnOptions,
): Promise<number> {
  const { rowCount } = await database.pool.query({
    name: "condemn",
    text: condemnSql,
    values: [retentionMs],
  });
  return rowCount ?? 0;
}

/** Results of a version that its share page shows at most; `findExamples` of the API has the same number. */
const shownRuns = 6;

/*
 * The check of `condemned_at` and `used_at` is made again on the newest version of a row, so a hit in between wins. A run
 * uses its files when it is submitted and when it gets them, each true to the hour.
 */
const condemnSql = `
  WITH horizon AS (
    SELECT least(now() - make_interval(secs => $1::float8 / 1000), (
      SELECT min(created_at) - interval '1 hour' FROM run WHERE status IN ('QUEUED', 'RUNNING', 'PAUSED', 'CANCELING'))) AS at
  ), shown AS (
    SELECT r.workspace_id, r.outputs FROM workflow_version v JOIN workflow w ON w.id = v.workflow_id
    CROSS JOIN LATERAL (
      (SELECT workspace_id, outputs FROM run
       WHERE workflow_id = w.id AND workspace_id = w.workspace_id AND version_id = v.id AND status = 'SUCCEEDED'
       ORDER BY number DESC LIMIT ${shownRuns})
      UNION ALL
      (SELECT workspace_id, outputs FROM run
       WHERE workflow_id = w.id AND workspace_id = w.workspace_id AND version_id IS NULL AND status = 'SUCCEEDED'
         AND created_at <= v.published_at
       ORDER BY number DESC LIMIT 1)
    ) r
  ), named AS MATERIALIZED (
    SELECT workspace_id, file #>> '{}' AS sha256
    FROM workflow, jsonb_path_query(document, '$.nodes.*.params.**.sha256') file
    UNION
    SELECT w.workspace_id, file #>> '{}'
    FROM workflow_version v JOIN workflow w ON w.id = v.workflow_id,
      jsonb_path_query(v.document, '$.nodes.*.params.**.sha256') file
    UNION
    SELECT workspace_id, file #>> '{}' FROM shown, jsonb_path_query(outputs, '$.**.sha256') file
  )
  UPDATE artifact a SET condemned_at = now() FROM horizon
  WHERE a.condemned_at IS NULL AND NOT a.pinned AND a.used_at < horizon.at
    AND NOT EXISTS (SELECT FROM named n WHERE n.workspace_id = a.workspace_id AND n.sha256 = a.sha256)`;
