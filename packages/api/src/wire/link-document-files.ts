import type { Document } from "@heddle/core";
import { findArtifact } from "@heddle/db";
import type { Api } from "../api.ts";
import { documentFiles } from "../inputs/document-files.ts";
import { linkArtifacts } from "./link-artifact.ts";

export interface LinkFilesOptions {
  readonly workspaceId: string;
  readonly document: Document;
}

/** Links of the files that a document names in its parameters, by SHA-256; files of other workspaces have none. */
export async function linkDocumentFiles(
  api: Api,
  options: LinkFilesOptions,
): Promise<Record<string, string>> {
  return linkOwnFiles(api, options.workspaceId, documentFiles(options.document));
}

/** Links of those files that the workspace holds, by SHA-256. */
export async function linkOwnFiles(
  api: Api,
  workspaceId: string,
  hashes: readonly string[],
): Promise<Record<string, string>> {
  const link = linkArtifacts(api, "");
  const found = await Promise.all(
    [...new Set(hashes)].map((sha256) => findArtifact(api.database, { workspaceId, sha256 })),
  );
  return Object.fromEntries(
    found.flatMap((artifact) => (artifact === null ? [] : [[artifact.sha256, link(artifact)]])),
  );
}
