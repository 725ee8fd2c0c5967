import { leaseResponseSchema, registerResponseSchema } from "@heddle/core";
import { getRun, submitRun } from "@heddle/db";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "@heddle/db/testing";
import { createDoorbell, createLog } from "@heddle/infra";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOrchestrator, type Orchestrator } from "../start-orchestrator.ts";

const token = "a token for the tests only";
const workspaceId = "ws_local";
const log = createLog({ app: "test", level: "fatal" });

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await checkInvariants(test.database);
  await test.drop();
});

function start(advertisedUrl?: string): Promise<Orchestrator> {
  const about = { databaseUrl: test.url, port: 0, token, catalog: testCatalog, log };
  return startOrchestrator({ ...about, advertisedUrl });
}

async function post(orchestrator: Orchestrator, path: string, body: unknown) {
  const response = await fetch(`${orchestrator.url}/runner/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}` },
  });
  const json: unknown = await response.json();
  return { status: response.status, json };
}

async function register(orchestrator: Orchestrator): Promise<string> {
  const device = { kind: "cpu", label: "CPU", memoryBytes: 1 };
  const body = { protocol: 1, name: "cpu-0", device, ops: ["work"], slots: 1 };
  return registerResponseSchema.parse((await post(orchestrator, "register", body)).json).runnerId;
}

async function workOnce(orchestrator: Orchestrator, runnerId: string): Promise<number> {
  const { status, json } = await post(orchestrator, "lease", {
    runnerId,
    freeSlots: 1,
    waitMs: 10_000,
  });
  if (status !== 200) return 0;
  const { tasks } = leaseResponseSchema.parse(json);
  for (const { runId, taskId, epoch } of tasks) {
    const outputs = { out: { media: "text", text: "done" } };
    const result = { status: "succeeded", outputs, loadMs: 0, deviceMs: 5 };
    await post(orchestrator, "complete", { runnerId, runId, taskId, epoch, result });
  }
  return tasks.length;
}

async function submit(name: string): Promise<string> {
  const document = testDocument({ only: ["work", { name }] });
  const options = {
    workspaceId,
    plan: testPlan(document),
    document,
    input: {},
    deadlineSeconds: 60,
  };
  const { runId } = await submitRun(test.database, options);
  const doorbell = createDoorbell({ databaseUrl: test.url, log });
  await doorbell.ring(runId);
  await doorbell.close();
  return runId;
}

const statusOf = async (runId: string) =>
  (await getRun(test.database, { workspaceId, runId }))?.status;

it("of two orchestrators either answers runners, and when the one that dispatches is gone the other one does", async () => {
  const first = await start();
  const second = await start();
  const runnerId = await register(second);
  // It waits at the second, which asks the first.
  const waiting = workOnce(second, runnerId);
  const [one, two] = [await submit("one"), await submit("two")];
  expect(await waiting).toBe(1);
  await expect.poll(() => workOnce(second, runnerId)).toBe(1);
  expect([await statusOf(one), await statusOf(two)]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  await first.close();
  const three = await submit("three");
  await expect.poll(() => workOnce(second, runnerId), { timeout: 10_000 }).toBe(1);
  expect(await statusOf(three)).toBe("SUCCEEDED");
  await second.close();
});

it("of two that give one address the one that does not dispatch refuses runners instead of asking itself", async () => {
  const [first, second] = [await start("http://one.invalid"), await start("http://one.invalid")];
  const runnerId = await register(first);
  const { status, json } = await post(second, "lease", { runnerId, freeSlots: 1, waitMs: 0 });
  expect(status).toBe(503);
  expect(json).toMatchObject({ code: "unavailable" });
  await Promise.all([first.close(), second.close()]);
});
