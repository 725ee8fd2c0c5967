import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3Credentials, startS3 } from "../testing/start-s3.ts";
import { BlobCorrupt, BlobMissing, BlobTooLarge, type BlobStore } from "./blob-store.ts";
import { createBlobStore } from "./create-blob-store.ts";
import { pieceBytes } from "./s3-bucket.ts";

interface OpenStore {
  readonly store: BlobStore;
  /** Where the bytes of a blob lie. */
  readonly pathOf: (sha256: string) => string;
  readonly close: () => Promise<void>;
}

async function openFileStore(): Promise<OpenStore> {
  const directory = await mkdtemp(join(tmpdir(), "heddle-blobs-"));
  return {
    store: createBlobStore(`file:${directory}`),
    pathOf: (sha256) => join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function openS3Store(): Promise<OpenStore> {
  const s3 = await startS3();
  return {
    store: createBlobStore(s3.url, s3Credentials),
    pathOf: (sha256) => s3.pathOf(`blobs/${sha256}`),
    close: () => s3.close(),
  };
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function* inChunks(bytes: Uint8Array, chunkBytes = 100_000) {
  for (let start = 0; start < bytes.length; start += chunkBytes)
    yield bytes.subarray(start, start + chunkBytes);
}

async function* broken() {
  yield randomBytes(10);
  throw new Error("The sender went away");
}

const drain = async (stream: ReadableStream<Uint8Array>) =>
  Buffer.from(await new Response(stream).arrayBuffer());

describe.each([
  { kind: "file", open: openFileStore },
  { kind: "S3", open: openS3Store },
])("$kind blob store", ({ open }) => {
  let opened: OpenStore;
  let store: BlobStore;
  beforeEach(async () => {
    opened = await open();
    ({ store } = opened);
  });
  afterEach(() => opened.close());

  it("names bytes by their SHA-256 and gives the same bytes back", async () => {
    const bytes = randomBytes(100_000);
    const before = Date.now();
    const blob = await store.put(bytes);
    expect(blob).toEqual({ sha256: hashOf(bytes), sizeBytes: 100_000 });
    expect(Buffer.from(await store.read(blob.sha256)).equals(bytes)).toBe(true);
    const facts = await store.head(blob.sha256);
    expect(facts?.sizeBytes).toBe(100_000);
    // S3 tells whole seconds.
    expect(facts?.putAt.getTime()).toBeGreaterThan(before - 2_000);
  });

  it("takes streams, of nothing, of a piece, and of more than a piece of a multipart upload", async () => {
    for (const sizeBytes of [0, 1, pieceBytes, pieceBytes + 1, 2 * pieceBytes + 12_345]) {
      const bytes = randomBytes(sizeBytes);
      const expected = { sha256: hashOf(bytes), sizeBytes };
      expect(await store.put(inChunks(bytes))).toEqual(expected);
      expect((await drain(await store.stream(expected.sha256))).equals(bytes)).toBe(true);
      await store.delete(expected.sha256);
      expect(await store.put(bytes)).toEqual(expected);
      expect(Buffer.from(await store.read(expected.sha256)).equals(bytes)).toBe(true);
    }
  });

  it("stores equal bytes once, also when they are written at the same time", async () => {
    const bytes = randomBytes(50_000);
    await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
    const listed = [];
    for await (const { sha256, sizeBytes } of store.list()) listed.push({ sha256, sizeBytes });
    expect(listed).toEqual([{ sha256: hashOf(bytes), sizeBytes: 50_000 }]);
  });

  it("shows nothing of a blob whose sender broke off", async () => {
    await expect(store.put(broken())).rejects.toThrow("The sender went away");
    for await (const blob of store.list()) expect(blob).toBeUndefined();
  });

  it("gives the bytes of a range, both ends included", async () => {
    const { sha256 } = await store.put(Buffer.from("0123456789"));
    const range = async (start: number, end: number) =>
      String(await drain(await store.stream(sha256, { start, end })));
    expect(await range(2, 5)).toBe("2345");
    expect(await range(9, 9)).toBe("9");
    expect(await range(0, 511)).toBe("0123456789");
    expect(String(await drain(await store.stream(sha256)))).toBe("0123456789");
  });

  it("notices a flipped bit and a cut file instead of handing them on", async () => {
    for (const [right, wrong] of [
      ["the right bytes", "the wrong bytes"],
      ["a whole file", "a whole"],
    ] as const) {
      const { sha256 } = await store.put(Buffer.from(right));
      await writeFile(opened.pathOf(sha256), wrong);
      await expect(store.read(sha256)).rejects.toBeInstanceOf(BlobCorrupt);
      await expect(drain(await store.stream(sha256))).rejects.toBeInstanceOf(BlobCorrupt);
    }
  });

  it("mends a damaged blob when the same bytes are stored again", async () => {
    const bytes = Buffer.from("a whole file");
    const { sha256 } = await store.put(bytes);
    for (const damaged of ["a wh", "a whole fild"]) {
      await writeFile(opened.pathOf(sha256), damaged);
      await store.put(bytes);
      expect(String(await readFile(opened.pathOf(sha256)))).toBe("a whole file");
    }
  });

  it("says that a blob is missing", async () => {
    const absent = "0".repeat(64);
    await expect(store.read(absent)).rejects.toBeInstanceOf(BlobMissing);
    await expect(store.stream(absent)).rejects.toBeInstanceOf(BlobMissing);
    expect(await store.head(absent)).toBeNull();
    await expect(store.delete(absent)).resolves.toBeUndefined();
  });

  it("stops at the byte limit and leaves nothing behind", async () => {
    async function* endless() {
      for (;;) yield randomBytes(1_000);
    }
    const small = { maxBytes: 10_000 };
    await expect(store.put(endless(), small)).rejects.toBeInstanceOf(BlobTooLarge);
    await expect(store.put(randomBytes(10_001), small)).rejects.toBeInstanceOf(BlobTooLarge);
    for await (const blob of store.list()) expect(blob).toBeUndefined();
  });

  it("can be checked, and deletes", async () => {
    await store.check();
    const { sha256 } = await store.put(Buffer.from("gone soon"));
    await store.delete(sha256);
    expect(await store.head(sha256)).toBeNull();
  });

  it("never leaves its place, whatever is asked for", async () => {
    for (const name of ["../../etc/passwd", "", "A".repeat(64)]) {
      await expect(store.read(name)).rejects.toThrow("Not a SHA-256");
      await expect(store.delete(name)).rejects.toThrow("Not a SHA-256");
    }
  });
});

describe("a BLOB_URL", () => {
  it.each([
    ["file:relative/folder", "absolute"],
    ["ftp://host/x", "BLOB_URL must be file:/absolute/folder or s3://bucket"],
    ["s3://", "s3://bucket/prefix"],
    ["s3://Bucket", "s3://bucket/prefix"],
    ["s3://bucket?endpoint=minio:9000", "http(s) URL"],
    ["s3://bucket", "AWS_ACCESS_KEY_ID"],
  ])("%s is refused with what is wrong", (url, reason) => {
    expect(() => createBlobStore(url)).toThrow(reason);
  });
});
