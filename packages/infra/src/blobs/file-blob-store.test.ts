import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { mountSmallDisk } from "../testing/mount-small-disk.ts";
import { BlobStoreFull } from "./blob-store.ts";
import { createBlobStore } from "./create-blob-store.ts";

const disk = mountSmallDisk(2 ** 20);
afterAll(() => disk?.unmount());

const incoming = (directory: string) => readdir(join(directory, "incoming"));

describe("a file blob store", () => {
  it("leaves nothing where files come in", async () => {
    const directory = await mkdtemp(join(tmpdir(), "heddle-blobs-"));
    const store = createBlobStore(`file:${directory}`);
    async function* broken() {
      yield randomBytes(10);
      throw new Error("The sender went away");
    }
    await store.put(randomBytes(10));
    await expect(store.put(broken())).rejects.toThrow("The sender went away");
    expect(await incoming(directory)).toEqual([]);
    await rm(directory, { recursive: true });
  });

  // Only root may mount a disk that is small enough to fill.
  it.skipIf(disk === null)("says that its disk is full, and leaves no half file", async () => {
    const directory = disk?.directory ?? "";
    const store = createBlobStore(`file:${directory}`);
    const kept = await store.put(randomBytes(300_000));
    for (let round = 0; round < 3; round += 1)
      await expect(store.put(randomBytes(2_000_000))).rejects.toBeInstanceOf(BlobStoreFull);
    expect(await incoming(directory)).toEqual([]);
    for await (const { sha256 } of store.list()) expect(sha256).toBe(kept.sha256);
    expect(await store.read(kept.sha256)).toHaveLength(300_000);
    expect(await store.put(randomBytes(300_000))).toMatchObject({ sizeBytes: 300_000 });
  });
});
