import { once } from "node:events";
import { connect } from "node:net";
import {
  completeResponseSchema,
  eventsResponseSchema,
  leaseResponseSchema,
  registerResponseSchema,
  type Document,
  type Progress,
  type Task,
} from "@heddle/core";
import { decideStep, getRun, pauseRun, requestCancel, resumeRun, submitRun } from "@heddle/db";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "@heddle/db/testing";
import { createDoorbell, createLive, createLog, type Doorbell } from "@heddle/infra";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOrchestrator, type Orchestrator } from "./start-orchestrator.ts";

const token = "a token for the tests only";
const workspaceId = "ws_local";
const log = createLog({ app: "test", level: "fatal" });

let test: TestDatabase;
let orchestrator: Orchestrator;
let doorbell: Doorbell;
let runnerId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  doorbell = createDoorbell({ databaseUrl: test.url, log });
  // Nothing is swept: what moves on does so by the doorbell and the news alone.
  orchestrator = await startOrchestrator({
    databaseUrl: test.url,
    port: 0,
    token,
    catalog: testCatalog,
    log,
    sweepMs: 3_600_000,
  });
});
beforeEach(async () => {
  const body = {
    protocol: 1,
    name: "cpu-0",
    device: { kind: "cpu", label: "CPU", memoryBytes: 1 },
    ops: ["work"],
    slots: 40,
  };
  runnerId = registerResponseSchema.parse(await post("register", body)).runnerId;
});
afterAll(async () => {
  await orchestrator.close();
  await doorbell.close();
  await checkInvariants(test.database);
  await test.drop();
});

function send(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${token}`;
  return fetch(`${orchestrator.url}/runner/v1/${path}`, {
    method: "POST",
    body,
    headers: { authorization, ...headers },
  });
}

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await send(path, JSON.stringify(body));
  const json: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(json));
  return json;
}

async function lease(freeSlots: number, waitMs: number) {
  return leaseResponseSchema.parse(await post("lease", { runnerId, freeSlots, waitMs }));
}

async function complete(task: Task, wish?: { freeSlots: number; waitMs: number }) {
  const { taskId, epoch, runId } = task;
  const outputs = { out: { media: "text", text: "done" } };
  const result = { status: "succeeded", outputs, loadMs: 0, deviceMs: 5 };
  const body = {
    runnerId,
    runId,
    taskId,
    epoch,
    result,
    ...(wish === undefined ? {} : { lease: wish }),
  };
  return completeResponseSchema.parse(await post("complete", body));
}

async function submit(document: Document): Promise<string> {
  const plan = testPlan(document);
  const { runId } = await submitRun(test.database, {
    workspaceId,
    plan,
    document,
    input: {},
    deadlineSeconds: 60,
  });
  await doorbell.ring(runId);
  return runId;
}

async function statusOf(runId: string) {
  return (await getRun(test.database, { workspaceId, runId }))?.status;
}

const single = (name: string) => testDocument({ only: ["work", { name }] });

describe("the orchestrator", () => {
  it("wakes a runner that waits for work as soon as a run is submitted", async () => {
    const before = performance.now();
    const waiting = lease(1, 20_000);
    const runId = await submit(single("woken"));
    const { tasks } = await waiting;
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(tasks).toMatchObject([{ runId, stepId: "only", params: { name: "woken" } }]);
    for (const task of tasks)
      expect(await complete(task)).toMatchObject({ accepted: true, tasks: [] });
    expect(await statusOf(runId)).toBe("SUCCEEDED");
  });

  it("answers a completion with the next task", async () => {
    const document = testDocument(
      { a: ["work", { name: "chain a" }], b: ["work", { name: "chain b" }] },
      ["a > b.in"],
    );
    const runId = await submit(document);
    const [first] = (await lease(1, 20_000)).tasks;
    if (first === undefined) throw new Error("A task was expected");
    const answer = await complete(first, { freeSlots: 1, waitMs: 0 });
    expect(answer).toMatchObject({ accepted: true, tasks: [{ stepId: "b" }] });
    for (const task of answer.tasks) await complete(task);
    expect(await statusOf(runId)).toBe("SUCCEEDED");
  });

  it("answers with nothing when the wait is over", async () => {
    expect(await lease(1, 30)).toEqual({ tasks: [], commands: [] });
    expect(await lease(0, 30)).toEqual({ tasks: [], commands: [] });
  });

  it("gives a task to one of several requests, and takes it back from a connection that has closed", async () => {
    const gone = new AbortController();
    const body = JSON.stringify({ runnerId, freeSlots: 1, waitMs: 20_000 });
    const headers = { authorization: `Bearer ${token}` };
    const left = fetch(`${orchestrator.url}/runner/v1/lease`, {
      method: "POST",
      body,
      headers,
      signal: gone.signal,
    });
    const stays = lease(1, 20_000);
    gone.abort();
    await expect(left).rejects.toThrow("abort");
    await submit(single("one of two"));
    const { tasks } = await stays;
    expect(tasks).toHaveLength(1);
    for (const task of tasks) await complete(task);
  });

  it("stops within seconds although a client has gone in the middle of what it was saying", async () => {
    const options = { databaseUrl: test.url, port: 0, token, catalog: testCatalog, log };
    const stopping = await startOrchestrator(options);
    const socket = connect(Number(new URL(stopping.url).port), "127.0.0.1");
    socket.on("error", () => {});
    const head = [
      "POST /runner/v1/lease HTTP/1.1",
      "host: heddle",
      `authorization: Bearer ${token}`,
    ];
    socket.write([...head, "expect: 100-continue", "content-length: 10", "", ""].join("\r\n"));
    // The server has heard the head, and waits for the rest.
    await once(socket, "data");
    const before = performance.now();
    await stopping.close();
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it("commits many completions of one run at once", async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `n${index}`,
        ["work", { name: `wide ${index}` }] as const,
      ]),
    );
    const runId = await submit(testDocument(nodes));
    const tasks: Task[] = [];
    while (tasks.length < 40) tasks.push(...(await lease(40, 20_000)).tasks);
    const answers = await Promise.all(tasks.map((task) => complete(task)));
    expect(answers.every(({ accepted }) => accepted)).toBe(true);
    expect(await statusOf(runId)).toBe("SUCCEEDED");
  });

  it("tells a runner that only listens to stop what is cancelled, at once", async () => {
    const runId = await submit(single("cancelled"));
    const [task] = (await lease(1, 20_000)).tasks;
    if (task === undefined) throw new Error("A task was expected");
    const listening = lease(0, 20_000);
    const before = performance.now();
    await requestCancel(test.database, { workspaceId, runId });
    const held = { taskId: task.taskId, epoch: task.epoch };
    expect((await listening).commands).toEqual([{ type: "cancel", ...held }]);
    expect(performance.now() - before).toBeLessThan(10_000);
    const heard = eventsResponseSchema.parse(
      await post("events", { runnerId, running: [held], progress: [] }),
    );
    expect(heard).toEqual({ lost: [], commands: [{ type: "cancel", ...held }] });
    await post("complete", { runnerId, runId, ...held, result: { status: "canceled" } });
    expect(await statusOf(runId)).toBe("CANCELED");
  });

  it("gives nothing of a paused run, and wakes a runner as soon as it is resumed", async () => {
    const runId = await submit(single("resumed"));
    const own = { workspaceId, runId, catalog: testCatalog };
    expect((await pauseRun(test.database, own)).status).toBe("PAUSED");
    expect((await lease(1, 30)).tasks).toEqual([]);
    const waiting = lease(1, 20_000);
    const before = performance.now();
    await resumeRun(test.database, own);
    const { tasks } = await waiting;
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(tasks).toMatchObject([{ runId }]);
    for (const task of tasks) await complete(task);
    expect(await statusOf(runId)).toBe("SUCCEEDED");
  });

  it("wakes a runner as soon as a person has approved what it waits for", async () => {
    const document = testDocument(
      { draft: ["text", { text: "draft" }], ask: ["approve"], final: ["work", { name: "final" }] },
      ["draft > ask.out", "ask > final.in"],
    );
    const runId = await submit(document);
    await expect
      .poll(async () => (await getRun(test.database, { workspaceId, runId }))?.steps[1]?.status)
      .toBe("WAITING");
    const waiting = lease(1, 20_000);
    const decision = { workspaceId, runId, stepId: "ask", approve: true, catalog: testCatalog };
    await decideStep(test.database, decision);
    const { tasks } = await waiting;
    expect(tasks).toMatchObject([{ runId, inputs: { in: { text: "draft" } } }]);
    for (const task of tasks) await complete(task);
    expect(await statusOf(runId)).toBe("SUCCEEDED");
  });

  it("passes progress on, of tasks that the runner holds", async () => {
    const live = createLive({ databaseUrl: test.url, log });
    await live.ready();
    const heard: Progress[] = [];
    live.subscribe("heddle_progress", (payload) => heard.push(JSON.parse(payload)));
    const runId = await submit(single("slow"));
    const [task] = (await lease(1, 20_000)).tasks;
    if (task === undefined) throw new Error("A task was expected");
    const { taskId, epoch, stepId, nodeIds, item } = task;
    const progress = {
      taskId,
      epoch,
      runId,
      stepId,
      nodeIds,
      item,
      phase: "computing",
      done: 3,
      total: 10,
    };
    const running = [{ taskId, epoch }];
    await post("events", { runnerId, running, progress: [progress] });
    await expect.poll(() => heard).toMatchObject([{ runId, stepId, done: 3, total: 10 }]);
    expect(heard[0]).not.toHaveProperty("taskId");
    await complete(task);
    await post("events", { runnerId, running, progress: [{ ...progress, done: 4 }] });
    await live.publish("heddle_progress", JSON.stringify({ done: "last" }));
    await expect.poll(() => heard.at(-1)).toEqual({ done: "last" });
    expect(heard).toHaveLength(2);
    await live.close();
  });
});

describe("the orchestrator refuses", () => {
  it("whoever does not know the token", async () => {
    for (const authorization of ["", "Bearer wrong", `Basic ${token}`]) {
      const response = await send("lease", "{}", { authorization });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "unauthenticated", status: 401 });
    }
  });

  it("what it cannot read, with a reason", async () => {
    expect((await send("lease", "no JSON")).status).toBe(400);
    const wrong = await send("lease", JSON.stringify({ runnerId, freeSlots: -1, waitMs: 1e9 }));
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({ detail: expect.stringContaining("freeSlots") });
    expect((await send("lease", "x".repeat(2 * 1024 * 1024))).status).toBe(413);
    expect((await send("nothing", "{}")).status).toBe(404);
    expect((await fetch(`${orchestrator.url}/runner/v1/lease`)).status).toBe(405);
  });

  it("a runner that it does not know, or whose name another one has taken", async () => {
    const unknown = await send(
      "lease",
      JSON.stringify({ runnerId: "rnr_unknown", freeSlots: 1, waitMs: 0 }),
    );
    expect(unknown.status).toBe(404);
    const former = runnerId;
    const body = {
      protocol: 1,
      name: "cpu-0",
      device: { kind: "cpu", label: "CPU", memoryBytes: 1 },
      ops: ["work"],
      slots: 1,
    };
    await post("register", body);
    expect((await send("events", JSON.stringify({ runnerId: former, running: [] }))).status).toBe(
      409,
    );
  });

  it("a completion of a lease that is not there, and says so", async () => {
    const answer = await post("complete", {
      runnerId,
      runId: "run_no",
      taskId: "stp_no",
      epoch: 1,
      result: { status: "canceled" },
    });
    expect(answer).toMatchObject({ accepted: false });
  });
});

describe("its health", () => {
  it("is told to anybody", async () => {
    const response = await fetch(`${orchestrator.url}/health`);
    expect(await response.json()).toEqual({ status: "ok" });
  });

  it("and so is what it does, for Prometheus", async () => {
    /** Of the first line that begins so; 0 for none. */
    const read = async (start: string) => {
      const text = await (await fetch(`${orchestrator.url}/metrics`)).text();
      const line = text.split("\n").find((each) => each.startsWith(start));
      return Number(line?.split(" ").at(-1) ?? 0);
    };
    const refused = 'heddle_results_total{outcome="refused"';
    const before = await read(refused);
    const nobody = { runnerId, runId: "run_no", taskId: "stp_no", epoch: 1 };
    await post("complete", { ...nobody, result: { status: "canceled" } });
    expect(await read(refused)).toBe(before + 1);
    expect(await read("heddle_database_up{")).toBe(1);
    expect(await read("heddle_runners{")).toBeGreaterThan(0);
    expect(await read("process_resident_memory_bytes{")).toBeGreaterThan(0);
  });
});
