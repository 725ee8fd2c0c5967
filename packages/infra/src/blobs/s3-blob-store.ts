import { createHash, randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  assertHash,
  BlobCorrupt,
  BlobMissing,
  BlobStoreFull,
  BlobStoreUnavailable,
  BlobTooLarge,
  type BlobFacts,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from "./blob-store.ts";
import { checkedStream } from "./checked-stream.ts";
import { isFull, writeSynced } from "./file-blob-store.ts";
import { pieceBytes, type S3Bucket } from "./s3-bucket.ts";

const folder = "blobs/";

/**
 * Blobs as objects `blobs/<sha256>` of a bucket. S3 shows an object whole or not at all, and the name of a blob is known
 * only at its end: a stream goes to a file of this machine first.
 */
export function createS3BlobStore(bucket: S3Bucket): BlobStore {
  const keyOf = (sha256: string) => `${folder}${assertHash(sha256)}`;
  return {
    put: (source, { maxBytes = Number.POSITIVE_INFINITY } = {}) =>
      source instanceof Uint8Array
        ? putBytes(bucket, source, maxBytes)
        : putStream(bucket, source, maxBytes),
    read: async (sha256) => readChecked(bucket, keyOf(sha256), sha256),
    stream: async (sha256, range) => streamObject(bucket, sha256, range),
    head: async (sha256) => bucket.head(keyOf(sha256)),
    list: () => listBlobs(bucket),
    delete: async (sha256) => bucket.delete(keyOf(sha256)),
    presign: async (sha256, seconds) => bucket.presign(keyOf(sha256), seconds),
    check: () => checkWritable(bucket),
  };
}

async function putBytes(
  bucket: S3Bucket,
  bytes: Uint8Array,
  maxBytes: number,
): Promise<StoredBlob> {
  if (bytes.byteLength > maxBytes) throw new BlobTooLarge(maxBytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const key = `${folder}${sha256}`;
  if (bytes.byteLength <= pieceBytes) await bucket.put(key, bytes);
  else await bucket.putPieces(key, piecesOf(bytes));
  return { sha256, sizeBytes: bytes.byteLength };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += pieceBytes)
    yield bytes.subarray(start, start + pieceBytes);
}

async function putStream(
  bucket: S3Bucket,
  source: Exclude<BlobSource, Uint8Array>,
  maxBytes: number,
): Promise<StoredBlob> {
  const temporary = join(tmpdir(), `heddle-${randomUUID()}`);
  try {
    const blob = await writeSynced(temporary, source, maxBytes);
    const key = `${folder}${blob.sha256}`;
    if (blob.sizeBytes > pieceBytes) await bucket.putPieces(key, readPieces(temporary));
    else for await (const bytes of readPieces(temporary)) await bucket.put(key, bytes);
    return blob;
  } catch (error) {
    throw isFull(error) ? new BlobStoreFull(error) : error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** At least one, which may be empty. */
async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    for (let position = 0; ;) {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(pieceBytes), position });
      if (bytesRead > 0 || position === 0) yield buffer.subarray(0, bytesRead);
      position += bytesRead;
      if (bytesRead < pieceBytes) return;
    }
  } finally {
    await file.close();
  }
}

async function readChecked(
  bucket: S3Bucket,
  key: string,
  sha256: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await bucket.get(key);
  if (response === null) throw new BlobMissing(sha256);
  const bytes = new Uint8Array(await response.arrayBuffer().catch(cutShort));
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new BlobCorrupt(sha256);
  return bytes;
}

async function streamObject(
  bucket: S3Bucket,
  sha256: string,
  range?: ByteRange,
): Promise<ReadableStream<Uint8Array>> {
  const response = await bucket.get(`${folder}${assertHash(sha256)}`, range);
  if (response === null) throw new BlobMissing(sha256);
  const { headers } = response;
  const sizeBytes = Number(
    headers.get("content-range")?.split("/")[1] ?? headers.get("content-length"),
  );
  return checkedStream(chunksOf(response), { sha256, range, sizeBytes });
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(cutShort);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function cutShort(cause: unknown): never {
  throw new BlobStoreUnavailable("it broke off in the middle of a file", cause);
}

async function* listBlobs(bucket: S3Bucket): AsyncGenerator<BlobFacts & { sha256: string }> {
  for await (const { key, ...facts } of bucket.list(folder)) {
    const sha256 = key.slice(folder.length);
    if (/^[0-9a-f]{64}$/.test(sha256)) yield { sha256, ...facts };
  }
}

async function checkWritable(bucket: S3Bucket): Promise<void> {
  const probe = `check/${randomUUID()}`;
  await bucket.put(probe, new Uint8Array());
  await bucket.delete(probe);
}
