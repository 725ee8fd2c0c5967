import { AppError, type Document } from "@heddle/core";
import type { Database } from "../database.ts";
import { newId } from "../new-id.ts";
import { toJsonb } from "../to-jsonb.ts";
import { readDocument } from "./read-document.ts";

export interface PublishVersionOptions {
  readonly workspaceId: string;
  readonly workflowId: string;
  /** What changed, for people. */
  readonly note: string;
  readonly document: Document;
  /** The name in links; unique in the workspace. */
  readonly slug: string;
}

export interface PublishedVersion {
  readonly id: string;
  /** Counts from 1. */
  readonly number: number;
}

/** Makes an immutable version. Throws AppError `not_found`, and `conflict` when another workflow has the slug. */
export async function publishVersion(
  database: Database,
  options: PublishVersionOptions,
): Promise<PublishedVersion> {
  const { workspaceId, workflowId, slug } = options;
  return database.prisma.$transaction(async (tx) => {
    const locked = await tx.$queryRaw<{ slug: string | null }[]>`
      SELECT slug FROM workflow WHERE id = ${workflowId} AND workspace_id = ${workspaceId} FOR UPDATE`;
    if (locked[0] === undefined) throw new AppError("not_found", "There is no such workflow");
    if (locked[0].slug !== slug) {
      await tx.workflow
        .update({ where: { id: workflowId }, data: { slug } })
        .catch((error: unknown) => {
          throw isUniqueViolation(error)
            ? new AppError("conflict", `Another workflow is published under the name "${slug}"`, {
                cause: error,
              })
            : error;
        });
    }
    const inserted = await tx.$queryRaw<PublishedVersion[]>`
      INSERT INTO workflow_version (id, workflow_id, number, document, note)
      SELECT ${newId("wv")}, ${workflowId}, coalesce(max(number), 0) + 1, ${toJsonb(options.document)}::jsonb, ${options.note}
      FROM workflow_version WHERE workflow_id = ${workflowId}
      RETURNING id, number`;
    if (inserted[0] === undefined) throw new AppError("not_found", "There is no such workflow");
    return inserted[0];
  });
}

export interface VersionView {
  readonly id: string;
  readonly workspaceId: string;
  readonly ownerSlug: string;
  readonly workflowId: string;
  readonly slug: string;
  readonly number: number;
  /** Number of the newest version. */
  readonly latestNumber: number;
  readonly note: string;
  readonly document: Document;
  readonly publishedAt: Date;
}

export interface GetVersionOptions {
  readonly ownerSlug: string;
  /** The workflow's slug. */
  readonly name: string;
  /** Absent: the newest. */
  readonly number?: number | undefined;
}

export async function getVersion(
  database: Database,
  options: GetVersionOptions,
): Promise<VersionView | null> {
  const { ownerSlug, name, number } = options;
  const workflow = await database.prisma.workflow.findFirst({
    where: { slug: name, workspace: { slug: ownerSlug } },
    select: {
      id: true,
      workspaceId: true,
      versions: {
        ...(number === undefined ? {} : { where: { number } }),
        orderBy: { number: "desc" },
        take: 1,
      },
    },
  });
  const version = workflow?.versions[0];
  if (workflow === null || version === undefined) return null;
  const latest = await database.prisma.workflowVersion.aggregate({
    where: { workflowId: workflow.id },
    _max: { number: true },
  });
  return {
    id: version.id,
    workspaceId: workflow.workspaceId,
    ownerSlug,
    workflowId: workflow.id,
    slug: name,
    number: version.number,
    latestNumber: latest._max.number ?? version.number,
    note: version.note,
    document: readDocument(version.document),
    publishedAt: version.publishedAt,
  };
}

export interface VersionSummary {
  readonly id: string;
  readonly number: number;
  readonly note: string;
  readonly publishedAt: Date;
}

/** Newest first; empty for a workflow of another workspace. */
export async function listVersions(
  database: Database,
  options: { readonly workspaceId: string; readonly workflowId: string },
): Promise<VersionSummary[]> {
  return database.prisma.workflowVersion.findMany({
    where: { workflowId: options.workflowId, workflow: { workspaceId: options.workspaceId } },
    select: { id: true, number: true, note: true, publishedAt: true },
    orderBy: { number: "desc" },
  });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "P2002";
}
