import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  BlobCorrupt,
  BlobMissing,
  BlobTooLarge,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from "./blob-store.ts";

/**
 * Blobs as files under `directory/ab/cd/<sha256>`. A blob is written beside its place, synced, then renamed,
 * so that a reader sees the whole of it or nothing, also after a crash.
 */
export function createFileBlobStore(directory: string): BlobStore {
  const pathOf = (sha256: string) =>
    join(directory, sha256.slice(0, 2), sha256.slice(2, 4), assertHash(sha256));
  return {
    put: async (source, options) => {
      const temporary = await reserveTemporary(directory);
      try {
        const blob = await writeSynced(
          temporary,
          source,
          options?.maxBytes ?? Number.POSITIVE_INFINITY,
        );
        await moveIntoPlace(temporary, pathOf(blob.sha256), blob.sizeBytes);
        return blob;
      } finally {
        await rm(temporary, { force: true });
      }
    },
    read: async (sha256) => readChecked(pathOf(sha256), sha256),
    stream: async (sha256, range) => streamFile(pathOf(sha256), sha256, range),
    head: async (sha256) => headFile(pathOf(sha256)),
    delete: async (sha256) => rm(pathOf(sha256), { force: true }),
    check: () => checkWritable(directory),
  };
}

function assertHash(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new Error(`Not a SHA-256 in hex: ${JSON.stringify(sha256)}`);
  return sha256;
}

async function reserveTemporary(directory: string): Promise<string> {
  const incoming = join(directory, "incoming");
  await mkdir(incoming, { recursive: true });
  return join(incoming, randomUUID());
}

/** A blob that is there in full stays; one that was cut is replaced. */
async function moveIntoPlace(temporary: string, target: string, sizeBytes: number): Promise<void> {
  if ((await headFile(target))?.sizeBytes === sizeBytes) return;
  await mkdir(dirname(target), { recursive: true });
  await rename(temporary, target);
  await syncDirectory(dirname(target));
}

async function writeSynced(
  path: string,
  source: BlobSource,
  maxBytes: number,
): Promise<StoredBlob> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new BlobTooLarge(maxBytes);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), sizeBytes };
}

/** The rename itself must survive a power cut, not only the file's bytes. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readChecked(path: string, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw isMissing(error) ? new BlobMissing(sha256) : error;
  });
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new BlobCorrupt(sha256);
  return bytes;
}

async function streamFile(
  path: string,
  sha256: string,
  range?: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  if ((await headFile(path)) === null) throw new BlobMissing(sha256);
  const chunks: AsyncIterator<Uint8Array> = createReadStream(path, range)[Symbol.asyncIterator]();
  // Not `Readable.toWeb`: its type fits Node's streams only, and the web app compiles against the browser's.
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await chunks.return?.();
    },
  });
}

async function headFile(path: string): Promise<{ readonly sizeBytes: number } | null> {
  try {
    return { sizeBytes: (await stat(path)).size };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function checkWritable(directory: string): Promise<void> {
  const probe = join(directory, "incoming", `check-${randomUUID()}`);
  await mkdir(dirname(probe), { recursive: true });
  const file = await open(probe, "wx");
  await file.close();
  await rm(probe);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
