import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlobCorrupt, BlobMissing, BlobTooLarge, type BlobStore } from "./blob-store.ts";
import { createBlobStore } from "./create-blob-store.ts";

let directory: string;
let store: BlobStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "heddle-blobs-"));
  store = createBlobStore(`file:${directory}`);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const pathOf = (sha256: string) => join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

describe("file blob store", () => {
  it("names bytes by their SHA-256 and gives the same bytes back", async () => {
    const bytes = randomBytes(100_000);
    const blob = await store.put(bytes);
    expect(blob).toEqual({
      sha256: createHash("sha256").update(bytes).digest("hex"),
      sizeBytes: 100_000,
    });
    expect(Buffer.from(await store.read(blob.sha256)).equals(bytes)).toBe(true);
    expect(await store.head(blob.sha256)).toEqual({ sizeBytes: 100_000 });
  });

  it("stores equal bytes once, also when they are written at the same time", async () => {
    const bytes = randomBytes(50_000);
    const blobs = await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
    expect(new Set(blobs.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await readdir(join(directory, "incoming"))).toEqual([]);
  });

  it("gives the bytes of a range, both ends included", async () => {
    const { sha256 } = await store.put(Buffer.from("0123456789"));
    expect(await new Response(await store.stream(sha256, { start: 2, end: 5 })).text()).toBe(
      "2345",
    );
    expect(await new Response(await store.stream(sha256)).text()).toBe("0123456789");
  });

  it("notices a flipped bit and a cut file instead of handing them on", async () => {
    const flipped = await store.put(Buffer.from("the right bytes"));
    await writeFile(pathOf(flipped.sha256), "the wrong bytes");
    await expect(store.read(flipped.sha256)).rejects.toBeInstanceOf(BlobCorrupt);
    const cut = await store.put(Buffer.from("a whole file"));
    await writeFile(pathOf(cut.sha256), "a whole");
    await expect(store.read(cut.sha256)).rejects.toBeInstanceOf(BlobCorrupt);
  });

  it("mends a cut file when the same bytes are stored again", async () => {
    const bytes = Buffer.from("a whole file");
    const { sha256 } = await store.put(bytes);
    await writeFile(pathOf(sha256), "a wh");
    await store.put(bytes);
    expect(Buffer.from(await store.read(sha256)).equals(bytes)).toBe(true);
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
    await expect(store.put(endless(), { maxBytes: 10_000 })).rejects.toBeInstanceOf(BlobTooLarge);
    expect(await readdir(join(directory, "incoming"))).toEqual([]);
  });

  it("never leaves its folder, whatever is asked for", async () => {
    await expect(store.read("../../etc/passwd")).rejects.toThrow("Not a SHA-256");
    expect(() => createBlobStore("file:relative/folder")).toThrow("absolute");
    expect(() => createBlobStore("ftp://host/x")).toThrow("BLOB_URL");
  });
});
