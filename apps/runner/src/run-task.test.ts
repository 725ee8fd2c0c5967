import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Task } from "@heddle/core";
import { createBlobStore, createCheckpointStore } from "@heddle/infra";
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
async function see(about: Partial<Task>, work: (context: OpContext) => Promise<void>) {
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
      blobs: createBlobStore(url),
      checkpoints: createCheckpointStore(url),
      signal: new AbortController().signal,
      progress: () => {},
      preview: () => {},
      note: () => {},
    },
  );
  return { seen, result };
}

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
