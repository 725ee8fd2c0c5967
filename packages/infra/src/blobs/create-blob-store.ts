import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { BlobStore } from "./blob-store.ts";
import { createFileBlobStore } from "./file-blob-store.ts";

/** Opens the store that a `BLOB_URL` names: `file:/absolute/folder`. Throws when the URL names none. */
export function createBlobStore(url: string): BlobStore {
  if (!url.startsWith("file:")) {
    throw new Error(`BLOB_URL must be file:/absolute/folder, got ${JSON.stringify(url)}`);
  }
  const path = url.startsWith("file://") ? fileURLToPath(url) : url.slice("file:".length);
  if (!isAbsolute(path))
    throw new Error(`BLOB_URL must name an absolute folder, got ${JSON.stringify(path)}`);
  return createFileBlobStore(path);
}
