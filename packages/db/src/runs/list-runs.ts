import { decodeCursor, toPage, type Page, type PageOptions } from "../cursor.ts";
import type { Database } from "../database.ts";
import { summaryColumns, toSummary, type SummaryRow } from "./get-run.ts";
import type { RunSummary } from "./run-view.ts";

export interface ListRunsOptions extends PageOptions {
  readonly workspaceId: string;
  readonly workflowId?: string | undefined;
}

/** Newest first. */
export async function listRuns(
  database: Database,
  options: ListRunsOptions,
): Promise<Page<RunSummary>> {
  const [at, id] = decodeCursor(options.cursor) ?? [null, null];
  const { rows } = await database.pool.query<SummaryRow & { cursor_at: string }>(listSql, [
    options.workspaceId,
    options.workflowId ?? null,
    at,
    id,
    options.limit + 1,
  ]);
  return toPage(rows, options.limit, { item: toSummary, cursor: (row) => [row.cursor_at, row.id] });
}

const listSql = `
  SELECT ${summaryColumns},
    to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at
  FROM run r
  WHERE r.workspace_id = $1 AND ($2::text IS NULL OR r.workflow_id = $2)
    AND ($3::timestamptz IS NULL OR (r.created_at, r.id) < ($3, $4))
  ORDER BY r.created_at DESC, r.id DESC
  LIMIT $5`;
