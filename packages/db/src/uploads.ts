import type { Database } from "./database.ts";
import { newId } from "./new-id.ts";

export interface CreateUploadOptions {
  readonly workspaceId: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

export interface UploadView extends CreateUploadOptions {
  readonly id: string;
  /** The artifact that it became; null until the file has come. */
  readonly sha256: string | null;
}

/** Announces a file. Returns the upload's id. */
export async function createUpload(
  database: Database,
  options: CreateUploadOptions,
): Promise<string> {
  const id = newId("upl");
  await database.prisma.upload.create({ data: { id, ...options } });
  return id;
}

/** Without `workspaceId` for whoever holds the signed link. */
export async function getUpload(
  database: Database,
  { id, workspaceId }: { readonly id: string; readonly workspaceId?: string },
): Promise<UploadView | null> {
  const row = await database.prisma.upload.findFirst({
    where: { id, ...(workspaceId === undefined ? {} : { workspaceId }) },
  });
  if (row === null) return null;
  const { fileName, contentType, sha256 } = row;
  return {
    id,
    workspaceId: row.workspaceId,
    fileName,
    contentType,
    sizeBytes: Number(row.sizeBytes),
    sha256,
  };
}

/** Says what the file became. False when another file had come before: the first one counts. */
export async function finishUpload(
  database: Database,
  { id, sha256 }: { readonly id: string; readonly sha256: string },
): Promise<boolean> {
  const { count } = await database.prisma.upload.updateMany({
    where: { id, OR: [{ sha256: null }, { sha256 }] },
    data: { sha256 },
  });
  return count === 1;
}
