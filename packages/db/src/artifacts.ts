import type { ArtifactRef } from "@heddle/core";
import type { Database } from "./database.ts";
import { keepFiles } from "./retention/artifact-lock.ts";
import { transaction, type Statement } from "./transaction.ts";

export interface RecordArtifactOptions {
  readonly workspaceId: string;
  readonly artifact: ArtifactRef;
  /** `readClock` from before its bytes were put into the blob store. */
  readonly storedAfter: number;
  /** It comes with Heddle, and is never swept. Default false. */
  readonly pinned?: boolean | undefined;
}

/**
 * Lets the workspace read this artifact; its bytes must be in the blob store already. Harmless when repeated. False: they
 * were swept since `storedAfter`, and are to be stored again.
 */
export async function recordArtifact(
  database: Database,
  options: RecordArtifactOptions,
): Promise<boolean> {
  const { workspaceId, artifact, storedAfter, pinned = false } = options;
  const values = [
    workspaceId,
    artifact.sha256,
    artifact.contentType,
    artifact.sizeBytes,
    artifact.width ?? null,
    artifact.height ?? null,
    artifact.durationMs ?? null,
    pinned,
    storedAfter,
  ];
  return transaction(database, async (tx) => {
    void tx.query(keepFiles, []);
    return (await tx.query(recordSql, values)).rowCount === 1;
  });
}

/** The database's clock. Milliseconds since 1970. */
export async function readClock(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ now: number }>(
    "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now",
  );
  return rows[0]?.now ?? 0;
}

export interface GrantArtifactOptions {
  /** A workspace that holds it. */
  readonly owner: string;
  /** Gets to read it too. */
  readonly workspaceId: string;
  readonly sha256: string;
}

/** Lets another workspace read an artifact. Nothing happens when the owner does not hold it. */
export async function grantArtifact(
  database: Database,
  { owner, workspaceId, sha256 }: GrantArtifactOptions,
): Promise<void> {
  await transaction(database, async (tx) => {
    void tx.query(keepFiles, []);
    await tx.query(grantSql, [owner, workspaceId, sha256]);
  });
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

const recordSql: Statement = {
  name: "artifact_record",
  text: `
    INSERT INTO artifact (workspace_id, sha256, content_type, size_bytes, width, height, duration_ms, pinned)
    SELECT $1, $2, $3, $4, $5::int, $6::int, $7::float8, $8
    WHERE NOT EXISTS (
      SELECT FROM swept_blob s WHERE s.sha256 = $2
        AND (s.swept_at IS NULL OR extract(epoch FROM s.swept_at) * 1000 >= $9::float8))
    ON CONFLICT (workspace_id, sha256) DO UPDATE
      SET used_at = now(), condemned_at = NULL, pinned = artifact.pinned OR EXCLUDED.pinned`,
};
const grantSql: Statement = {
  name: "artifact_grant",
  text: `
    INSERT INTO artifact (workspace_id, sha256, content_type, size_bytes, width, height, duration_ms)
    SELECT $2, sha256, content_type, size_bytes, width, height, duration_ms
    FROM artifact WHERE workspace_id = $1 AND sha256 = $3
    ON CONFLICT (workspace_id, sha256) DO UPDATE SET used_at = now(), condemned_at = NULL`,
};
