import { compile, type Document } from "@heddle/core";
import { getRun, submitRun, type RunView } from "@heddle/db";
import { checkInvariants, createTestDatabase, type TestDatabase } from "@heddle/db/testing";
import { freePort } from "@heddle/db/temporary-postgres";
import { createDoorbell, createLog, type Doorbell } from "@heddle/infra";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { benchCatalog, chainDocument } from "../overhead/bench-catalog.ts";
import { buildParts, startPart, type StartedPart } from "./start-part.ts";

const token = "a token for the tests only";
const workspaceId = "ws_local";
const slots = 2;
const leaseMs = 3_000;

let test: TestDatabase;
let doorbell: Doorbell;
let port: number;
const parts = new Set<StartedPart>();

beforeAll(buildParts);
beforeEach(async () => {
  test = await createTestDatabase();
  doorbell = createDoorbell({
    databaseUrl: test.url,
    log: createLog({ app: "test", level: "fatal" }),
  });
  port = await freePort();
});
afterEach(async () => {
  for (const part of parts) await part.kill();
  parts.clear();
  await doorbell.close();
  await test.drop();
});
afterAll(async () => {
  for (const part of parts) await part.kill();
});

async function start(starting: Promise<StartedPart>): Promise<StartedPart> {
  const part = await starting;
  parts.add(part);
  return part;
}

const startOrchestrator = () =>
  start(startPart({ part: "orchestrator", databaseUrl: test.url, token, port, leaseMs }));
const startRunner = () =>
  start(startPart({ part: "runner", serverUrl: `http://127.0.0.1:${port}`, token, slots }));

async function submit(document: Document): Promise<string> {
  const compiled = compile(document, benchCatalog, { requireInputs: true, randomSeed: () => 1 });
  if (!compiled.ok) throw new Error("The document does not compile");
  const { plan } = compiled;
  const { runId } = await submitRun(test.database, {
    workspaceId,
    plan,
    document,
    input: {},
    deadlineSeconds: 600,
  });
  await doorbell.ring(runId);
  return runId;
}

/** Resolves with the run as soon as it is as `wanted` says. */
async function until(runId: string, wanted: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await getRun(test.database, { workspaceId, runId });
    if (run !== null && wanted(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const done = (count: number) => (run: RunView) =>
  run.steps.filter(({ status }) => status === "SUCCEEDED").length >= count;
const isOver = (run: RunView) =>
  ["SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"].includes(run.status);

async function expectWhole(...runIds: readonly string[]): Promise<void> {
  for (const runId of runIds)
    expect(await until(runId, isOver)).toMatchObject({ status: "SUCCEEDED", error: null });
  await checkInvariants(test.database);
}

describe("a run survives, and is done once, when", () => {
  it("the runner is killed in mid-task and starts again", async () => {
    await startOrchestrator();
    const runner = await startRunner();
    const runId = await submit(chainDocument("runner", 6, 120));
    await until(runId, done(2));
    await runner.kill();
    await startRunner();
    await expectWhole(runId);
  });

  it("the runner is killed and another one takes over when its leases have run out", async () => {
    await startOrchestrator();
    const runner = await startRunner();
    const runId = await submit(chainDocument("other", 4, 120));
    await until(runId, done(1));
    await runner.kill();
    await start(
      startPart({
        part: "runner",
        serverUrl: `http://127.0.0.1:${port}`,
        token,
        slots,
        name: "another",
      }),
    );
    await expectWhole(runId);
  });

  it("the orchestrator is killed and starts again", async () => {
    const orchestrator = await startOrchestrator();
    await startRunner();
    const runId = await submit(chainDocument("orchestrator", 6, 120));
    await until(runId, done(2));
    await orchestrator.kill();
    await startOrchestrator();
    await expectWhole(runId);
  });

  it("the orchestrator is away while the run is submitted", async () => {
    const runId = await submit(chainDocument("away", 3, 10));
    await startRunner();
    await startOrchestrator();
    await expectWhole(runId);
  });

  it("orchestrator and runner are killed again and again", async () => {
    let orchestrator = await startOrchestrator();
    let runner = await startRunner();
    const runIds = await Promise.all(
      ["a", "b", "c"].map((name) => submit(chainDocument(`both-${name}`, 8, 60))),
    );
    // Twice: a step that takes down three runners counts as poison.
    for (let count = 3; count <= 6; count += 3) {
      const first = runIds[0] ?? "";
      await until(first, (run) => isOver(run) || done(count / 3)(run));
      await runner.kill();
      runner = await startRunner();
      await orchestrator.kill();
      orchestrator = await startOrchestrator();
    }
    await expectWhole(...runIds);
  });

  it("the runner stands still until its lease is over, and then goes on", async () => {
    await startOrchestrator();
    const stopped = await startRunner();
    const runId = await submit(chainDocument("stopped", 2, 300));
    await until(runId, (run) => run.steps.some(({ status }) => status === "LEASED"));
    stopped.child.kill("SIGSTOP");
    await start(
      startPart({
        part: "runner",
        serverUrl: `http://127.0.0.1:${port}`,
        token,
        slots,
        name: "another",
      }),
    );
    await until(runId, done(1));
    stopped.child.kill("SIGCONT");
    await expectWhole(runId);
    const { rows } = await test.database.pool.query(
      "SELECT count(*)::int AS lost FROM step_attempt WHERE outcome = 'LOST'",
    );
    expect(rows[0].lost).toBeGreaterThan(0);
  });
});
