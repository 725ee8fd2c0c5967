import type { ArtifactRef } from "@heddle/core";
import type { Database } from "./database.ts";

export interface RecordArtifactOptions {
  readonly workspaceId: string;
  readonly artifact: ArtifactRef;
}

/** Lets the workspace read this artifact; its bytes must be in the blob store already. Harmless when repeated. */
export async function recordArtifact(
  database: Database,
  options: RecordArtifactOptions,
): Promise<void> {
  const { workspaceId, artifact } = options;
  const row = {
    workspaceId,
    sha256: artifact.sha256,
    contentType: artifact.contentType,
    sizeBytes: artifact.sizeBytes,
    width: artifact.width ?? null,
    height: artifact.height ?? null,
    durationMs: artifact.durationMs ?? null,
  };
  await database.prisma.artifact.createMany({ data: [row], skipDuplicates: true });
}

export interface FindArtifactOptions {
  readonly workspaceId: string;
  readonly sha256: string;
}

/** The artifact, when this workspace may read it. */
export async function findArtifact(
  database: Database,
  options: FindArtifactOptions,
): Promise<ArtifactRef | null> {
  const row = await database.prisma.artifact.findUnique({
    where: { workspaceId_sha256: { workspaceId: options.workspaceId, sha256: options.sha256 } },
  });
  if (row === null) return null;
  return {
    sha256: row.sha256,
    contentType: row.contentType,
    sizeBytes: Number(row.sizeBytes),
    ...(row.width === null ? {} : { width: row.width }),
    ...(row.height === null ? {} : { height: row.height }),
    ...(row.durationMs === null ? {} : { durationMs: row.durationMs }),
  };
}
