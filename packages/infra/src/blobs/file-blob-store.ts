import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  assertHash,
  BlobCorrupt,
  BlobMissing,
  BlobStoreFull,
  BlobTooLarge,
  type BlobFacts,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from "./blob-store.ts";
import { checkedStream } from "./checked-stream.ts";

/**
 * Blobs as files under `directory/ab/cd/<sha256>`. A blob is written beside its place, synced, then renamed,
 * so that a reader sees the whole of it or nothing, also after a crash.
 */
export function createFileBlobStore(directory: string): BlobStore {
  const pathOf = (sha256: string) =>
    join(directory, sha256.slice(0, 2), sha256.slice(2, 4), assertHash(sha256));
  return {
    put: (source, options) => putFile(directory, pathOf, { source, ...options }),
    read: async (sha256) => readChecked(pathOf(sha256), sha256),
    stream: async (sha256, range) => streamFile(pathOf(sha256), sha256, range),
    head: async (sha256) => headFile(pathOf(sha256)),
    list: () => listFiles(directory),
    delete: async (sha256) => rm(pathOf(sha256), { force: true }),
    presign: async () => null,
    check: () => checkWritable(directory),
  };
}

interface Put {
  readonly source: BlobSource;
  readonly maxBytes?: number;
}

async function putFile(
  directory: string,
  pathOf: (sha256: string) => string,
  { source, maxBytes = Number.POSITIVE_INFINITY }: Put,
): Promise<StoredBlob> {
  const incoming = join(directory, "incoming");
  const temporary = join(incoming, randomUUID());
  try {
    await mkdir(incoming, { recursive: true });
    const blob = await writeSynced(temporary, source, maxBytes);
    await moveIntoPlace(temporary, pathOf(blob.sha256));
    return blob;
  } catch (error) {
    throw isFull(error) ? new BlobStoreFull(error) : error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Also over what is there: that may be damaged, and a sweep must see that it was put just now. */
async function moveIntoPlace(temporary: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await rename(temporary, target);
  await syncDirectory(dirname(target));
}

/** Writes the source to a new file. Throws `BlobTooLarge` as soon as more than `maxBytes` have come. */
export async function writeSynced(
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
  const facts = await headFile(path);
  if (facts === null) throw new BlobMissing(sha256);
  return checkedStream(createReadStream(path, range), {
    sha256,
    range,
    sizeBytes: facts.sizeBytes,
  });
}

async function headFile(path: string): Promise<BlobFacts | null> {
  try {
    const { size, mtime } = await stat(path);
    return { sizeBytes: size, putAt: mtime };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function* listFiles(directory: string): AsyncGenerator<BlobFacts & { sha256: string }> {
  for (const first of await namesIn(directory, /^[0-9a-f]{2}$/)) {
    for (const second of await namesIn(join(directory, first), /^[0-9a-f]{2}$/)) {
      const folder = join(directory, first, second);
      for (const sha256 of await namesIn(folder, /^[0-9a-f]{64}$/)) {
        const facts = await headFile(join(folder, sha256));
        if (facts !== null) yield { sha256, ...facts };
      }
    }
  }
}

async function namesIn(directory: string, pattern: RegExp): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.filter((name) => pattern.test(name));
}

async function checkWritable(directory: string): Promise<void> {
  const probe = join(directory, "incoming", `check-${randomUUID()}`);
  await mkdir(dirname(probe), { recursive: true });
  const file = await open(probe, "wx");
  await file.close();
  await rm(probe);
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT";
}

/** No space, or none for this user. */
export function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
