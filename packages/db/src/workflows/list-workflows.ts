import type { ArtifactRef, Value } from "@heddle/core";
import { decodeCursor, toPage, type Page, type PageOptions } from "../cursor.ts";
import type { Database } from "../database.ts";

export interface WorkflowSummary {
  readonly id: string;
  readonly slug: string | null;
  readonly name: string;
  readonly revision: number;
  readonly versionNumber: number | null;
  readonly updatedAt: Date;
  /** The first picture, else the first film, that its latest successful run put out. */
  readonly thumbnail: ArtifactRef | null;
}

export interface ListWorkflowsOptions extends PageOptions {
  readonly workspaceId: string;
  /** Part of the name, upper or lower case. */
  readonly query?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly slug: string | null;
  readonly name: string;
  readonly revision: number;
  readonly version_number: number | null;
  readonly updated_at: Date;
  readonly cursor_at: string;
  readonly outputs: Readonly<Record<string, Value>> | null;
}

/** Last changed first. */
export async function listWorkflows(
  database: Database,
  options: ListWorkflowsOptions,
): Promise<Page<WorkflowSummary>> {
  const [at, id] = decodeCursor(options.cursor) ?? [null, null];
  const { rows } = await database.pool.query<Row>(listSql, [
    options.workspaceId,
    options.query === undefined || options.query === "" ? null : `%${escapeLike(options.query)}%`,
    at,
    id,
    options.limit + 1,
  ]);
  return toPage(rows, options.limit, { item: toSummary, cursor: (row) => [row.cursor_at, row.id] });
}

const listSql = `
  SELECT w.id, w.slug, w.name, w.revision, w.updated_at, v.version_number, r.outputs,
    to_char(w.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at
  FROM workflow w
  LEFT JOIN LATERAL (SELECT max(number) AS version_number FROM workflow_version WHERE workflow_id = w.id) v ON true
  LEFT JOIN LATERAL (
    SELECT outputs FROM run WHERE workflow_id = w.id AND status = 'SUCCEEDED' ORDER BY finished_at DESC LIMIT 1
  ) r ON true
  WHERE w.workspace_id = $1 AND ($2::text IS NULL OR w.name ILIKE $2)
    AND ($3::timestamptz IS NULL OR (w.updated_at, w.id) < ($3, $4))
  ORDER BY w.updated_at DESC, w.id DESC
  LIMIT $5`;

function toSummary(row: Row): WorkflowSummary {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    revision: row.revision,
    versionNumber: row.version_number,
    updatedAt: row.updated_at,
    thumbnail: cover(row.outputs ?? {}),
  };
}

/** The first picture, else the first film. */
function cover(outputs: Readonly<Record<string, Value>>): ArtifactRef | null {
  const firsts = Object.values(outputs).map((value) =>
    value.media === "list" ? value.items[0] : value,
  );
  for (const media of ["image", "video"] as const) {
    const found = firsts.find((first) => first?.media === media);
    if (found?.media === media) return found.artifact;
  }
  return null;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
