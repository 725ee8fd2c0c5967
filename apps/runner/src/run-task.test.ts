import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Task } from "@heddle/core";
import { createBlobStore, createCheckpointStore } from "@heddle/infra";
import { mountSmallDisk } from "@heddle/infra/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpContext } from "./op.ts";
import { runTask } from "./run-task.ts";

let url: string;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "heddle-task-"));
  url = `file:${directory}`;
});
afterAll(() => rm(directory, { recursive: true }));

const task: Task = {
  taskId: "task_1",
  epoch: 1,
  runId: "run_1",
  workspaceId: "ws_1",
  stepId: "n1",
  nodeIds: ["n1"],
  item: null,
  op: "see",
  version: 1,
  params: {},
  inputs: {},
  cacheKey: "0".repeat(64),
  deadlineAt: null,
};

/** What an op sees of a task, and how it ends. */
async function see(
  about: Partial<Task>,
  work: (context: OpContext) => Promise<void>,
  blobUrl = url,
) {
  let seen: OpContext | undefined;
  const run = async (context: OpContext) => {
    seen = context;
    await work(context);
    return {};
  };
  const result = await runTask(
    { ...task, ...about },
    {
      op: { name: "see", run },
      blobs: createBlobStore(blobUrl),
      checkpoints: createCheckpointStore(url),
      signal: new AbortController().signal,
      progress: () => {},
      preview: () => {},
      note: () => {},
    },
  );
  return { seen, result };
}

const disk = mountSmallDisk(2 ** 20);
afterAll(() => disk?.unmount());

describe("a task whose files cannot be stored or read", () => {
  it("is the platform's fault, by a name of its own: missing, damaged, out of reach", async () => {
    const missing = await see({}, async ({ blobs }) => void (await blobs.read("0".repeat(64))));
    expect(missing.result).toMatchObject({ error: { class: "INFRA", code: "blob_missing" } });
    const damaged = await see({}, async ({ blobs }) => {
      const { sha256 } = await blobs.put(Buffer.from("a whole file"));
      await truncate(join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256), 3);
      await blobs.read(sha256);
    });
    expect(damaged.result).toMatchObject({ error: { class: "INFRA", code: "blob_corrupt" } });
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const away = createBlobStore("s3://bucket?endpoint=http://127.0.0.1:9", credentials);
    const unreached = await see({}, async () => void (await away.put(Buffer.from("x"))));
    const code = "blob_store_unavailable";
    expect(unreached.result).toMatchObject({ error: { class: "INFRA", code } });
  });

  // Only root may mount a disk that is small enough to fill.
  it.skipIf(disk === null)("is the platform's fault too when the store is full", async () => {
    const put = async ({ blobs }: OpContext) => void (await blobs.put(Buffer.alloc(2 ** 21)));
    const { result } = await see({}, put, `file:${disk?.directory ?? ""}`);
    expect(result).toMatchObject({ error: { class: "INFRA", code: "blob_store_full" } });
  });
});

describe("a task", () => {
  it("goes before the items of a list when it is alone", async () => {
    const alone = await see({ item: null }, async () => {});
    const item = await see({ item: 0 }, async () => {});
    expect(alone.seen?.priority).toBeGreaterThan(item.seen?.priority ?? Infinity);
  });

  it("is not charged for loading, nor for what the device did for others", async () => {
    const { result } = await see({}, async ({ loaded, waited }) => {
      loaded(100_000);
      waited(200_000);
    });
    expect(result).toMatchObject({ status: "succeeded", loadMs: 100_000, deviceMs: 0 });
  });
});
