import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listRunners, registerRunner, touchRunner } from "../runners.ts";
import { readRunEvents } from "../runs/read-run-events.ts";
import {
  createTestDatabase,
  checkInvariants,
  testCatalog,
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
  offerFirst,
  start,
  submit,
  view,
  workResult,
} from "../testing/test-engine.ts";
import { completeTasks } from "./complete-tasks.ts";
import { heartbeat } from "./heartbeat.ts";
import { sweep } from "./sweep.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  // No jitter: a retry may start at once.
  test = await createTestDatabase({ random: () => 0 });
});
afterEach(async () => {
  await checkInvariants(database());
  await emptyDatabase(database());
});
afterAll(() => test.drop());

const single = testDocument({ only: ["work", { name: "only" }], result: ["output"] }, [
  "only > result.value",
]);
const infra = { class: "INFRA" as const, code: "disk_full", message: "The disk is full" };

describe("a lease", () => {
  it("that runs out gives the step to another runner, and the late result is refused", async () => {
    const runId = await start(database(), single);
    const late = await claimOne(database(), "rnr_slow");
    await loseLease(database(), late);
    const again = await claimOne(database(), "rnr_quick");
    expect(again).toMatchObject({ taskId: late.taskId, epoch: 2 });
    expect(await complete(database(), late, workResult(late), "rnr_slow")).toBe(false);
    expect(await complete(database(), again, workResult(again), "rnr_quick")).toBe(true);
    expect(await complete(database(), late, workResult(late), "rnr_slow")).toBe(false);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("accepts the same completion again when its answer was lost, and pays for it once", async () => {
    const runId = await start(database(), single);
    const task = await claimOne(database());
    expect(await complete(database(), task)).toBe(true);
    expect(await complete(database(), task)).toBe(true);
    const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
    expect(events.filter(({ body }) => body.type === "run.succeeded")).toHaveLength(1);
  });

  it("belongs to the runner that took it", async () => {
    await start(database(), single);
    const task = await claimOne(database(), "rnr_owner");
    expect(await complete(database(), task, workResult(task), "rnr_other")).toBe(false);
    expect(await complete(database(), task, workResult(task), "rnr_owner")).toBe(true);
  });

  it("is extended by heartbeats, which say what was lost", async () => {
    await start(database(), single);
    const task = await claimOne(database());
    const running = [task, { taskId: "stp_unknown", epoch: 1 }];
    const beat = () => heartbeat(database(), { runnerId: "rnr_test", running, leaseMs: 60_000 });
    await database().pool.query("UPDATE step SET lease_expires_at = now() + interval '1 second'");
    const runIds = new Map([[task.taskId, task.runId]]);
    expect(await beat()).toEqual({ lost: ["stp_unknown"], canceled: [], runIds });
    const { rows } = await database().pool.query(
      "SELECT lease_expires_at > now() + interval '50 seconds' AS extended FROM step WHERE op IS NOT NULL",
    );
    expect(rows).toEqual([{ extended: true }]);
    await loseLease(database(), task);
    expect((await beat()).lost).toEqual([task.taskId, "stp_unknown"]);
    await drain(database());
  });

  it("ends at once when the runner registers anew under its name, and the former one is told to stop", async () => {
    const runner = {
      name: "cpu-0",
      device: { kind: "cpu" as const, label: "CPU", memoryBytes: 1 },
      ops: ["work"],
      slots: 1,
    };
    await start(database(), single);
    const former = await registerRunner(database(), runner);
    await claimOne(database(), former);
    const current = await registerRunner(database(), runner);
    await expect(touchRunner(database(), former)).rejects.toMatchObject({ code: "conflict" });
    expect(await touchRunner(database(), current)).toMatchObject({ ops: ["work"], slots: 1 });
    await expect(touchRunner(database(), "rnr_unknown")).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await listRunners(database())).toMatchObject([{ id: current, state: "idle" }]);
    expect((await sweep(database(), { catalog: testCatalog })).expiredLeases).toBe(1);
    const task = await claimOne(database(), current);
    expect(await complete(database(), task, workResult(task), current)).toBe(true);
  });

  it("of the next node comes with the completion of the one before, in one transaction", async () => {
    const document = testDocument({ a: ["work", { name: "a" }], b: ["work", { name: "b" }] }, [
      "a > b.in",
    ]);
    const runId = await start(database(), document);
    const first = await claimOne(database());
    const completion = {
      runnerId: "rnr_test",
      taskId: first.taskId,
      epoch: first.epoch,
      result: workResult(first),
      wish: true,
    };
    const done = await completeTasks(database(), {
      runId,
      completions: [completion],
      next: { leaseMs: 30_000, reserved: [], choose: offerFirst },
      catalog: testCatalog,
    });
    const [next] = done.leased;
    expect(done.news).toMatchObject([
      { status: "SUCCEEDED", loadMs: 1, deviceMs: 10 },
      { status: "LEASED" },
    ]);
    expect(next).toMatchObject({
      stepId: "b",
      epoch: 1,
      inputs: { in: { media: "text", text: "a()" } },
    });
    if (next === null || next === undefined) throw new Error("A task was expected");
    expect(await complete(database(), next)).toBe(true);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("does not come with a completion when something else is due first", async () => {
    const chain = testDocument({ a: ["work", { name: "a" }], b: ["work", { name: "b" }] }, [
      "a > b.in",
    ]);
    const runId = await start(database(), chain);
    const first = await claimOne(database());
    await start(database(), single);
    const completion = {
      runnerId: "rnr_test",
      taskId: first.taskId,
      epoch: first.epoch,
      result: workResult(first),
      wish: true,
    };
    const done = await completeTasks(database(), {
      runId,
      completions: [completion],
      next: { leaseMs: 30_000, reserved: [], choose: () => [null] },
      catalog: testCatalog,
    });
    expect(done).toMatchObject({ leased: [null], news: [{}, { status: "READY" }] });
    const order = await drain(database());
    expect(order.map(({ stepId }) => stepId)).toEqual(["only", "b"]);
  });
});

describe("an attempt that fails by no fault of the step", () => {
  it("is tried again, five times at most", async () => {
    const runId = await start(database(), single);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const task = await claimOne(database());
      expect(task.epoch).toBe(attempt);
      await complete(database(), task, { status: "failed", error: infra });
    }
    const run = await view(database(), runId);
    expect(run).toMatchObject({
      status: "FAILED",
      error: { class: "INFRA", message: "The disk is full (tried 5 times)" },
    });
    const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
    expect(events.filter(({ body }) => body.type === "step.retrying")).toHaveLength(4);
  });

  it("waits before it is tried again", async () => {
    const patient = { ...database(), random: () => 0.5 };
    await start(database(), single);
    const task = await claimOne(database());
    await complete(patient, task, { status: "failed", error: infra });
    expect(await claim(database())).toEqual([]);
    const { rows } = await database().pool.query(
      "SELECT extract(epoch FROM available_at - now())::float8 AS wait FROM step WHERE op IS NOT NULL",
    );
    expect(rows[0].wait).toBeGreaterThan(0.2);
    expect(rows[0].wait).toBeLessThanOrEqual(0.5);
    await database().pool.query("UPDATE step SET available_at = now()");
    await drain(database());
  });

  it("is poison when three runners were lost with it", async () => {
    const runId = await start(database(), single);
    for (const runner of ["rnr_1", "rnr_2", "rnr_3"])
      await loseLease(database(), await claimOne(database(), runner));
    expect(await view(database(), runId)).toMatchObject({
      status: "FAILED",
      error: { class: "POISON", nodeId: "only" },
    });
  });

  it("keeps work that took three runners down in quarantine for a day, in every run", async () => {
    await start(database(), single);
    // Waits for the first one, and must not lose three more runners to it.
    const follower = await start(database(), single);
    for (const runner of ["rnr_1", "rnr_2", "rnr_3"])
      await loseLease(database(), await claimOne(database(), runner));
    await sweep(database(), { catalog: testCatalog });
    const later = await start(database(), single);
    for (const runId of [follower, later]) {
      expect(await view(database(), runId)).toMatchObject({
        status: "FAILED",
        error: { class: "POISON", code: "quarantined", nodeId: "only" },
      });
    }
    await database().pool.query("UPDATE quarantine SET created_at = now() - interval '25 h'");
    const nextDay = await start(database(), single);
    await drain(database());
    expect((await view(database(), nextDay)).status).toBe("SUCCEEDED");
  });

  it("waits as long as the other side asked for, when there were too many requests", async () => {
    await start(database(), single);
    const error = { ...infra, class: "RATE" as const, retryAfterMs: 30_000 };
    await complete(database(), await claimOne(database()), { status: "failed", error });
    const { rows } = await database().pool.query(
      "SELECT extract(epoch FROM available_at - now())::float8 AS wait FROM step WHERE op IS NOT NULL",
    );
    expect(rows[0].wait).toBeGreaterThan(25);
    expect(rows[0].wait).toBeLessThanOrEqual(30);
    await database().pool.query("UPDATE step SET available_at = now()");
    await drain(database());
  });

  it("of an op that gives something else than its node type says is tried again too", async () => {
    await start(database(), single);
    const task = await claimOne(database());
    const outputs = { out: { media: "number" as const, number: 1 } };
    await complete(database(), task, { status: "succeeded", outputs, loadMs: 0, deviceMs: 0 });
    expect(await drain(database())).toHaveLength(1);
  });

  it("does not count when the runner hands the step back", async () => {
    const runId = await start(database(), single);
    for (let round = 0; round < 8; round += 1) {
      expect(await complete(database(), await claimOne(database()), { status: "canceled" })).toBe(
        true,
      );
    }
    await drain(database());
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });
});

describe("a result whose file is lost", () => {
  it("is not reused: the next run makes it again", async () => {
    const chain = (last: string) =>
      testDocument(
        {
          first: ["work", { name: "first" }],
          pass: ["suffix"],
          last: ["work", { name: last }],
          apart: ["work"],
        },
        ["first > pass.in", "pass > last.in"],
      );
    await start(database(), chain("last"));
    await drain(database());
    await start(database(), chain("changed"));
    const error = {
      class: "INFRA" as const,
      code: "blob_missing",
      message: "The stored file is missing",
    };
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const task = await claimOne(database());
      expect(task.stepId).toBe("last");
      await complete(database(), task, { status: "failed", error });
    }
    const runId = await start(database(), chain("changed"));
    const steps = (await drain(database())).map(({ stepId }) => stepId);
    expect(steps).toEqual(["first", "last"]);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });
});

describe("news", () => {
  it("of a run and of waiting work reaches who listens, with the commit", async () => {
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    const heard: string[] = [];
    client.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
    await client.query("LISTEN heddle_run; LISTEN heddle_ready");
    const { runId } = await submit(database(), single);
    await advance(database(), runId);
    await drain(database());
    await client.query("SELECT 1");
    await client.end();
    expect(heard).toContain(`heddle_run {"runId":"${runId}"}`);
    expect(heard).toContain(`heddle_ready ${runId} ${database().origin}`);
  });
});

describe("many runners at once", () => {
  it("share the steps of many runs without taking one twice", async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `n${index}`,
        ["work", { name: `n${index}` }] as const,
      ]),
    );
    const runIds = await Promise.all(
      [1, 2, 3, 4].map((run) =>
        start(database(), testDocument({ ...nodes, own: ["work", { name: `run ${run}` }] })),
      ),
    );
    const seen: string[] = [];
    const runner = async (name: string) => {
      for (let idle = 0; idle < 20;) {
        const tasks = await claim(database(), 3, name);
        idle = tasks.length === 0 ? idle + 1 : 0;
        for (const task of tasks) {
          seen.push(task.taskId);
          expect(await complete(database(), task, workResult(task), name)).toBe(true);
        }
      }
    };
    await Promise.all(["rnr_a", "rnr_b", "rnr_c", "rnr_d", "rnr_e"].map(runner));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(24);
    for (const runId of runIds) expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });
});
