import {
  compile,
  describeInterface,
  type DeclaredInput,
  type DeclaredOutput,
  type Document,
  type Estimate,
} from "@heddle/core";
import type { VersionView } from "@heddle/db";
import type { Api } from "../api.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { findExamples } from "./find-examples.ts";
import { linkDocumentFiles } from "../wire/link-document-files.ts";
import { linkValues, type LinkedValue } from "../wire/value.ts";

export interface SharedExample {
  readonly outputs: Record<string, LinkedValue>;
  /** ISO 8601 */
  readonly createdAt: string;
}

/** A published version as anybody with the link sees it. */
export interface SharedWorkflow {
  readonly ownerSlug: string;
  readonly slug: string;
  readonly version: number;
  readonly latestVersion: number;
  readonly name: string;
  readonly description: string;
  readonly note: string;
  readonly publishedAt: string;
  readonly document: Document;
  readonly inputs: readonly DeclaredInput[];
  readonly outputs: readonly DeclaredOutput[];
  readonly estimate: Estimate;
  /** Links of the files that the document names, by SHA-256. */
  readonly files: Record<string, string>;
  /** Results, the newest first. */
  readonly examples: readonly SharedExample[];
}

export async function describeShared(api: Api, version: VersionView): Promise<SharedWorkflow> {
  const { document, workspaceId } = version;
  const compiled = compile(document, api.catalog, {
    requireInputs: false,
    limits: api.limits,
    randomSeed: () => api.randomSeed(),
  });
  const link = linkArtifacts(api, "");
  const [files, examples] = await Promise.all([
    linkDocumentFiles(api, { workspaceId, document }),
    findExamples(api, version),
  ]);
  return {
    ownerSlug: version.ownerSlug,
    slug: version.slug,
    version: version.number,
    latestVersion: version.latestNumber,
    name: document.name,
    description: document.description,
    note: version.note,
    publishedAt: version.publishedAt.toISOString(),
    document,
    ...describeInterface(document, api.catalog),
    estimate: compiled.ok ? compiled.plan.estimate : { deviceMs: 0, costUsd: 0 },
    files,
    examples: examples.map((run) => ({
      outputs: linkValues(run.outputs, link),
      createdAt: run.createdAt.toISOString(),
    })),
  };
}
