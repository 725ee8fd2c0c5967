import type { Document } from "@heddle/core";
import { getWorkspace, type WorkflowView } from "@heddle/db";
import type { Api } from "../api.ts";
import { linkDocumentFiles } from "./link-document-files.ts";

/** A workflow as the editor opens it. */
export interface WorkflowDetail {
  readonly id: string;
  /** The name in links; null until something is published. */
  readonly slug: string | null;
  readonly name: string;
  readonly document: Document;
  /** What `save` must be based on. */
  readonly revision: number;
  readonly latestVersion: number | null;
  /** First part of its links: `/w/{ownerSlug}/{slug}`. */
  readonly ownerSlug: string;
  /** Links of the files that the document names, by SHA-256. */
  readonly files: Record<string, string>;
  readonly updatedAt: string;
}

export async function toWorkflowDetail(
  api: Api,
  workspaceId: string,
  workflow: WorkflowView,
): Promise<WorkflowDetail> {
  const { id, slug, name, document, revision, versionNumber, updatedAt } = workflow;
  const [files, workspace] = await Promise.all([
    linkDocumentFiles(api, { workspaceId, document }),
    getWorkspace(api.database, workspaceId),
  ]);
  const ownerSlug = workspace?.slug ?? "";
  return {
    id,
    slug,
    name,
    document,
    revision,
    latestVersion: versionNumber,
    ownerSlug,
    files,
    updatedAt: updatedAt.toISOString(),
  };
}
