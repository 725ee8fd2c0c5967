import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readRunEvents } from "../runs/read-run-events.ts";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog as catalog,
  testDocument,
  type TestDatabase,
} from "../testing/index.ts";
import {
  advance,
  claim,
  claimOne,
  complete,
  drain,
  emptyDatabase,
  loseLease,
  start,
  submit,
  view,
} from "../testing/test-engine.ts";
import { localWorkspaceId as workspaceId } from "../workspaces.ts";
import { pauseRun, resumeRun } from "./pause-run.ts";
import { requestCancel } from "./request-cancel.ts";
import { sweep } from "./sweep.ts";

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

const wide = testDocument(
  { a: ["work", { name: "a" }], b: ["work", { name: "b" }], after: ["work"], result: ["output"] },
  ["a > after.in", "b > after.more", "after > result.value"],
);

/** Pauses, and advances what that lets go on. */
async function pause(runId: string) {
  const { status, wake } = await pauseRun(database(), { workspaceId, runId, catalog });
  for (const other of wake) await advance(database(), other);
  return status;
}

async function resume(runId: string) {
  return (await resumeRun(database(), { workspaceId, runId, catalog })).status;
}

async function eventsOf(runId: string): Promise<string[]> {
  const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
  return events.map(({ body }) => body.type);
}

describe("a paused run", () => {
  it("leases nothing, keeps what was leased, and goes on where it was", async () => {
    const runId = await start(database(), wide);
    const task = await claimOne(database());
    expect(await pause(runId)).toBe("PAUSED");
    expect(await claim(database(), 10)).toEqual([]);
    expect(await complete(database(), task)).toBe(true);
    expect(await claim(database(), 10)).toEqual([]);
    // Neither the doorbell nor the sweeper moves it.
    await advance(database(), runId);
    await sweep(database(), { catalog, unrungAfterMs: 0 });
    expect(await claim(database(), 10)).toEqual([]);
    expect(await pause(runId)).toBe("PAUSED");
    expect(await resume(runId)).toBe("RUNNING");
    expect(await resume(runId)).toBe("RUNNING");
    expect((await drain(database())).map(({ stepId }) => stepId)).toEqual(["b", "after"]);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
    const events = await eventsOf(runId);
    expect(events.filter((type) => type === "run.paused" || type === "run.resumed")).toEqual([
      "run.paused",
      "run.resumed",
    ]);
  });

  it("gives out nothing with a completion either, and does not stand in the way of others", async () => {
    const paused = await start(database(), wide);
    await pause(paused);
    const other = await start(
      database(),
      testDocument({ c: ["work", { name: "c" }], result: ["output"] }, ["c > result.value"]),
    );
    expect((await claim(database(), 1)).map(({ runId }) => runId)).toEqual([other]);
    await database().pool.query("UPDATE step SET lease_expires_at = now() WHERE status = 'LEASED'");
    await sweep(database(), { catalog });
    await drain(database());
    expect((await view(database(), other)).status).toBe("SUCCEEDED");
    await resume(paused);
    await drain(database());
  });

  it("that was only submitted is not begun, and is queued again when it goes on", async () => {
    const { runId } = await submit(database(), wide);
    expect(await pause(runId)).toBe("PAUSED");
    await advance(database(), runId);
    expect((await view(database(), runId)).steps.every(({ status }) => status === "BLOCKED")).toBe(
      true,
    );
    expect(await resume(runId)).toBe("QUEUED");
    await drain(database());
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("ends when what was leased was the last of it", async () => {
    const runId = await start(database(), testDocument({ only: ["work"] }));
    const task = await claimOne(database());
    await pause(runId);
    await complete(database(), task);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
    expect(await pause(runId)).toBe("SUCCEEDED");
    expect(await resume(runId)).toBe("SUCCEEDED");
  });

  it("keeps a step whose runner was lost or handed it back, for later", async () => {
    const runId = await start(database(), wide);
    const [lost, back] = await claim(database(), 2);
    if (lost === undefined || back === undefined) throw new Error("Two tasks were expected");
    await pause(runId);
    await loseLease(database(), lost);
    await complete(database(), back, { status: "canceled" });
    expect(await claim(database(), 10)).toEqual([]);
    await resume(runId);
    expect(await drain(database())).toHaveLength(3);
  });

  it("lets another run do the work that both want, and has it when it goes on", async () => {
    const paused = await start(database(), wide);
    const other = await start(database(), wide);
    expect(await claim(database(), 10)).toHaveLength(2);
    await database().pool.query("UPDATE step SET lease_expires_at = now() WHERE status = 'LEASED'");
    await sweep(database(), { catalog });
    await pause(paused);
    await drain(database());
    expect((await view(database(), other)).status).toBe("SUCCEEDED");
    await resume(paused);
    expect(await claim(database())).toEqual([]);
    const run = await view(database(), paused);
    expect(run).toMatchObject({ status: "SUCCEEDED", costUsd: 0 });
  });

  it("can be cancelled", async () => {
    const runId = await start(database(), wide);
    const task = await claimOne(database());
    await pause(runId);
    expect(await requestCancel(database(), { workspaceId, runId })).toBe("CANCELING");
    expect(await resume(runId)).toBe("CANCELING");
    await complete(database(), task, { status: "canceled" });
    expect((await view(database(), runId)).status).toBe("CANCELED");
  });

  it("loses no time: its deadline is later by as long as it was paused", async () => {
    const runId = await start(database(), wide, { deadlineSeconds: 60 });
    const { deadlineAt } = await view(database(), runId);
    await pause(runId);
    // As if two hours had gone by.
    await database().pool.query(
      `UPDATE run SET held_at = held_at - interval '2 h', deadline_at = deadline_at - interval '2 h'`,
    );
    expect((await sweep(database(), { catalog })).expiredRuns).toBe(0);
    await resume(runId);
    expect((await sweep(database(), { catalog })).expiredRuns).toBe(0);
    const later = (await view(database(), runId)).deadlineAt.getTime() - deadlineAt.getTime();
    expect(later).toBeGreaterThanOrEqual(0);
    expect(later).toBeLessThan(10_000);
    await drain(database());
  });

  it("is only the workspace's own to pause and resume", async () => {
    const runId = await start(database(), wide);
    const foreign = { workspaceId: "ws_other", runId, catalog };
    expect((await pauseRun(database(), foreign)).status).toBeNull();
    await pause(runId);
    expect((await resumeRun(database(), foreign)).status).toBeNull();
    expect((await view(database(), runId)).status).toBe("PAUSED");
    await resume(runId);
    await drain(database());
  });
});
