import { createHash } from "node:crypto";
import {
  assertHash,
  BlobCorrupt,
  BlobMissing,
  BlobTooLarge,
  type BlobAccess,
  type BlobSource,
  type StoredBlob,
} from "./blob-store.ts";
import { checkedStream } from "./checked-stream.ts";
import { askHttpStore, type HttpStoreOptions } from "./http-store.ts";

/**
 * The blobs of a server that a runner on another machine works for, over HTTP. Only what the tasks need that it holds can be
 * read, everything else is missing. A stream to be stored is gathered first, since its hash names it.
 */
export function createHttpBlobStore(options: HttpStoreOptions): BlobAccess {
  const pathOf = (sha256: string) => `blobs/${assertHash(sha256)}`;
  return {
    put: async (source, { maxBytes = Number.POSITIVE_INFINITY } = {}) =>
      putBytes(options, await gather(source, maxBytes)),
    read: async (sha256) => {
      const bytes = await askHttpStore(options, { path: pathOf(sha256) }, bytesOf);
      if (bytes === null) throw new BlobMissing(sha256);
      if (hashOf(bytes) !== sha256) throw new BlobCorrupt(sha256);
      return bytes;
    },
    stream: async (sha256, range) => {
      const headers =
        range === undefined ? undefined : { range: `bytes=${range.start}-${range.end}` };
      const request = { path: pathOf(sha256), ...(headers && { headers }) };
      const response = await askHttpStore(options, request, async (answer) => answer);
      if (response === null || response.body === null) throw new BlobMissing(sha256);
      return checkedStream(response.body, { sha256, range, sizeBytes: sizeOf(response) });
    },
    head: async (sha256) => {
      const request = { path: pathOf(sha256), method: "HEAD" as const };
      return askHttpStore(options, request, async (response) => ({
        sizeBytes: sizeOf(response),
        putAt: new Date(response.headers.get("last-modified") ?? 0),
      }));
    },
  };
}

async function putBytes(
  options: HttpStoreOptions,
  body: Uint8Array<ArrayBuffer>,
): Promise<StoredBlob> {
  const sha256 = hashOf(body);
  const request = { path: `blobs/${sha256}`, method: "PUT" as const, body };
  const stored = await askHttpStore(options, request, async (response) => {
    await response.body?.cancel();
    return { sha256, sizeBytes: body.byteLength };
  });
  // No task is held any more that it could belong to.
  if (stored === null) throw new BlobMissing(sha256);
  return stored;
}

async function gather(source: BlobSource, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of source instanceof Uint8Array ? [source] : source) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new BlobTooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of the whole blob, also where a part of it is answered: `bytes 0-9/1234`. */
function sizeOf({ headers }: Response): number {
  const whole = /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
  return Number(whole ?? headers.get("content-length") ?? 0);
}

async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
