import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BlobStore } from "./blob-store.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { createFileBlobStore } from "./file-blob-store.ts";
import { createFileCheckpointStore } from "./file-checkpoint-store.ts";

/** Opens the store that a `BLOB_URL` names: `file:/absolute/folder`. Throws when the URL names none. */
export function createBlobStore(url: string): BlobStore {
  return createFileBlobStore(folderOf(url));
}

/** Opens the checkpoints that lie beside the blobs of a `BLOB_URL`: whoever shares the blobs shares them too. */
export function createCheckpointStore(url: string): CheckpointStore {
  return createFileCheckpointStore(join(folderOf(url), "checkpoints"));
}

function folderOf(url: string): string {
  if (!url.startsWith("file:")) {
    throw new Error(`BLOB_URL must be file:/absolute/folder, got ${JSON.stringify(url)}`);
  }
  const path = url.startsWith("file://") ? fileURLToPath(url) : url.slice("file:".length);
  if (!isAbsolute(path))
    throw new Error(`BLOB_URL must name an absolute folder, got ${JSON.stringify(path)}`);
  return path;
}
