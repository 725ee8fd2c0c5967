import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  checkInvariants,
  createTestDatabase,
  testDocument,
  type TestDatabase,
} from "../testing/index.ts";
import {
  claim,
  claimOne,
  complete,
  drain,
  emptyDatabase,
  loseLease,
  start,
  view,
} from "../testing/test-engine.ts";
import { localWorkspaceId as workspaceId } from "../workspaces.ts";
import { findCanceled, heartbeat } from "./heartbeat.ts";
import { requestCancel } from "./request-cancel.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase({ random: () => 0 });
});
afterEach(async () => {
  await checkInvariants(database());
  await emptyDatabase(database());
});
afterAll(() => test.drop());

describe("cancelling a run", () => {
  const wide = testDocument(
    { a: ["work", { name: "a" }], b: ["work", { name: "b" }], after: ["work"], result: ["output"] },
    ["a > after.in", "b > after.more", "after > result.value"],
  );

  it("ends it at once when no runner works on it", async () => {
    const runId = await start(database(), wide);
    expect(await requestCancel(database(), { workspaceId, runId })).toBe("CANCELED");
    expect(await claim(database())).toEqual([]);
    expect(await requestCancel(database(), { workspaceId, runId })).toBe("CANCELED");
    const run = await view(database(), runId);
    expect(new Set(run.steps.map(({ status }) => status))).toEqual(new Set(["CANCELED"]));
  });

  it("tells the runners, and ends when they have answered", async () => {
    const runId = await start(database(), wide);
    const task = await claimOne(database());
    expect(await requestCancel(database(), { workspaceId, runId })).toBe("CANCELING");
    const held = { taskId: task.taskId, epoch: task.epoch };
    expect(await findCanceled(database(), "rnr_test")).toEqual([held]);
    expect(
      await heartbeat(database(), { runnerId: "rnr_test", running: [held], leaseMs: 1000 }),
    ).toMatchObject({ lost: [], canceled: [held] });
    expect(await claim(database())).toEqual([]);
    await complete(database(), task, { status: "canceled" });
    expect((await view(database(), runId)).status).toBe("CANCELED");
  });

  it("keeps a result that comes all the same, and stays cancelled", async () => {
    const runId = await start(database(), wide);
    const task = await claimOne(database());
    await requestCancel(database(), { workspaceId, runId });
    expect(await complete(database(), task)).toBe(true);
    const run = await view(database(), runId);
    expect(run.status).toBe("CANCELED");
    expect(run.steps.find(({ stepId }) => stepId === task.stepId)?.status).toBe("SUCCEEDED");
    expect(run.costUsd).toBeGreaterThan(0);
  });

  it("ends when the lease of a runner that says nothing runs out", async () => {
    const runId = await start(database(), wide);
    const task = await claimOne(database());
    await requestCancel(database(), { workspaceId, runId });
    await loseLease(database(), task);
    expect((await view(database(), runId)).status).toBe("CANCELED");
  });

  it("of another workspace does nothing", async () => {
    const runId = await start(database(), wide);
    expect(await requestCancel(database(), { workspaceId: "ws_other", runId })).toBeNull();
    await drain(database());
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });
});
