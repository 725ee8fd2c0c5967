import { AppError, type Document } from "@heddle/core";
import type { Database } from "../database.ts";
import { newId } from "../new-id.ts";
import { useDocumentFiles } from "../retention/use-files.ts";
import { toJsonb } from "../to-jsonb.ts";
import { readDocument } from "./read-document.ts";

export interface WorkflowView {
  readonly id: string;
  /** The name in links; null until a version is published. */
  readonly slug: string | null;
  readonly name: string;
  readonly document: Document;
  /** Raised by every save. */
  readonly revision: number;
  /** Number of the newest published version. */
  readonly versionNumber: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CreateWorkflowOptions {
  readonly workspaceId: string;
  readonly name: string;
  readonly document: Document;
}

export async function createWorkflow(
  database: Database,
  options: CreateWorkflowOptions,
): Promise<WorkflowView> {
  const id = newId("wf");
  await useDocumentFiles(database, options.workspaceId, options.document);
  await database.prisma.$executeRaw`
    INSERT INTO workflow (id, workspace_id, name, document)
    VALUES (${id}, ${options.workspaceId}, ${options.name}, ${toJsonb(options.document)}::jsonb)`;
  const created = await getWorkflow(database, { workspaceId: options.workspaceId, id });
  if (created === null) throw new AppError("not_found", "The workflow was deleted at once");
  return created;
}

export interface WorkflowKey {
  readonly workspaceId: string;
  readonly id: string;
}

export async function getWorkflow(
  database: Database,
  { workspaceId, id }: WorkflowKey,
): Promise<WorkflowView | null> {
  const row = await database.prisma.workflow.findFirst({
    where: { id, workspaceId },
    include: { versions: { select: { number: true }, orderBy: { number: "desc" }, take: 1 } },
  });
  if (row === null) return null;
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    document: readDocument(row.document),
    revision: row.revision,
    versionNumber: row.versions[0]?.number ?? null,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export interface SaveWorkflowOptions extends WorkflowKey {
  /** The revision that the document was edited from. */
  readonly baseRevision: number;
  readonly document: Document;
}

/** `ok: false`: somebody saved meanwhile; theirs is handed back and nothing is overwritten. */
export type SaveWorkflowResult =
  | { readonly ok: true; readonly revision: number }
  | { readonly ok: false; readonly revision: number; readonly document: Document };

/** Throws AppError `not_found`. */
export async function saveWorkflow(
  database: Database,
  options: SaveWorkflowOptions,
): Promise<SaveWorkflowResult> {
  const { id, workspaceId, baseRevision, document } = options;
  await useDocumentFiles(database, workspaceId, document);
  const saved = await database.prisma.$queryRaw<{ revision: number }[]>`
    UPDATE workflow
    SET document = ${toJsonb(document)}::jsonb, name = ${document.name}, revision = revision + 1, updated_at = now()
    WHERE id = ${id} AND workspace_id = ${workspaceId} AND revision = ${baseRevision}
    RETURNING revision`;
  if (saved[0] !== undefined) return { ok: true, revision: saved[0].revision };
  const current = await getWorkflow(database, { workspaceId, id });
  if (current === null) throw new AppError("not_found", "There is no such workflow");
  return { ok: false, revision: current.revision, document: current.document };
}

/** Deletes the workflow with its versions; its runs stay. Whether there was one. */
export async function deleteWorkflow(
  database: Database,
  { workspaceId, id }: WorkflowKey,
): Promise<boolean> {
  const { count } = await database.prisma.workflow.deleteMany({ where: { id, workspaceId } });
  return count === 1;
}
