import type { LeaseResponse, Resident, Task } from "@heddle/core";
import { advanceRun, completeTasks, requestCancel, submitRun } from "@heddle/db";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog as catalog,
  testDocument,
  testModel,
  testPlan,
  type TestDatabase,
} from "@heddle/db/testing";
import { createLog } from "@heddle/infra";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Dispatcher } from "./dispatcher.ts";
import type { RunnerFacts } from "./runner-facts.ts";

const log = createLog({ app: "test", level: "fatal" });
const gigabyte = 1_000_000_000;
const workspaces = ["ws_local", "ws_other"] as const;
type Workspace = (typeof workspaces)[number];

let test: TestDatabase;
let dispatcher: Dispatcher;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.prisma.workspace.create({
    data: { id: "ws_other", slug: "other", name: "Other" },
  });
});
beforeEach(() => start({}));
afterEach(async () => {
  dispatcher.close();
  await test.database.pool.query("TRUNCATE run, inflight, cache_entry, usage_event CASCADE");
});
afterAll(() => test.drop());

async function start(options: { readonly stepsPerWorkspace?: number }): Promise<void> {
  const { database } = test;
  dispatcher = new Dispatcher({ database, engine: { catalog }, leaseMs: 30_000, log, ...options });
  await dispatcher.lead();
}

interface Submitted {
  readonly workspaceId?: Workspace;
  readonly type?: "work" | "sketch" | "poster";
  readonly priority?: number;
}

let count = 0;
/** A run of one step, whose name is new, so that nothing is reused. */
async function submit({ workspaceId = "ws_local", type = "work", priority }: Submitted = {}) {
  count += 1;
  const document = testDocument({ only: [type, { name: `${type} ${count}` }] });
  return submitDocument(document, { workspaceId, priority });
}

async function submitDocument(
  document: ReturnType<typeof testDocument>,
  { workspaceId, priority }: { workspaceId: Workspace; priority?: number | undefined },
): Promise<string> {
  const plan = testPlan(document);
  const options = { workspaceId, plan, document, input: {}, deadlineSeconds: 600, priority };
  const { runId } = await submitRun(test.database, options);
  dispatcher.hearNews((await advanceRun(test.database, { runId, catalog })).news);
  return runId;
}

function facts(more: Partial<RunnerFacts> = {}): RunnerFacts {
  return {
    ops: ["work", "draw"],
    slots: 8,
    workspaceId: null,
    memoryBytes: 3 * gigabyte,
    resident: [],
    ...more,
  };
}

const session = (name: string): Resident => {
  const { id, sha256, sizeBytes } = testModel(name);
  return { modelId: id, sha256, sizeBytes, tier: "session" };
};

function ask(runnerId: string, freeSlots = 1, waitMs = 20_000): Promise<LeaseResponse> {
  const { signal } = new AbortController();
  return dispatcher.lease({ runnerId, freeSlots, waitMs, signal });
}

async function askOne(runnerId: string): Promise<Task> {
  const [task] = (await ask(runnerId)).tasks;
  if (task === undefined) throw new Error("A task was expected");
  return task;
}

async function finish(task: Task, runnerId: string, deviceMs = 5) {
  const outputs = { out: { media: "text" as const, text: "done" } };
  const result = { status: "succeeded" as const, outputs, loadMs: 0, deviceMs };
  const { taskId, epoch, runId } = task;
  const completions = [{ runnerId, taskId, epoch, result, wish: true }];
  const next = dispatcher.reserve(runId, completions);
  const done = await completeTasks(test.database, { runId, catalog, completions, next });
  dispatcher.hearNews(done.news);
  return done.leased[0] ?? null;
}

describe("the dispatcher", () => {
  it("serves the workspaces in turn, however much one of them has waiting", async () => {
    for (let run = 0; run < 20; run += 1) await submit();
    for (let run = 0; run < 4; run += 1) await submit({ workspaceId: "ws_other" });
    dispatcher.hearRunner("rnr_a", facts());
    const order: string[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const task = await askOne("rnr_a");
      order.push(task.workspaceId);
      await finish(task, "rnr_a");
    }
    expect(order.filter((id) => id === "ws_other")).toHaveLength(4);
  });

  it("charges what a step really took, not what was expected of it", async () => {
    for (let run = 0; run < 20; run += 1) {
      await submit();
      await submit({ workspaceId: "ws_other" });
    }
    dispatcher.hearRunner("rnr_a", facts());
    const spent = { ws_local: 0, ws_other: 0 };
    for (let turn = 0; turn < 20; turn += 1) {
      const task = await askOne("rnr_a");
      const workspaceId = workspaces.find((id) => id === task.workspaceId) ?? "ws_local";
      // More than what is overlooked for the sake of weights that are there.
      const deviceMs = workspaceId === "ws_other" ? 60_000 : 30_000;
      spent[workspaceId] += deviceMs;
      await finish(task, "rnr_a", deviceMs);
    }
    expect(Math.abs(spent.ws_local - spent.ws_other)).toBeLessThanOrEqual(2 * 60_000);
  });

  it("gives the highest priority of a workspace first, and takes nothing from the others for it", async () => {
    const low = await submit();
    const high = await submit({ priority: 5 });
    const other = await submit({ workspaceId: "ws_other", priority: -5 });
    dispatcher.hearRunner("rnr_a", facts({ slots: 1 }));
    const order: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const task = await askOne("rnr_a");
      order.push(task.runId);
      await finish(task, "rnr_a");
    }
    expect(order.indexOf(high)).toBeLessThan(order.indexOf(low));
    expect(order.indexOf(other)).toBeLessThan(2);
  });

  it("gives a workspace no more at once than it may have", async () => {
    dispatcher.close();
    await start({ stepsPerWorkspace: 2 });
    for (let run = 0; run < 5; run += 1) await submit();
    dispatcher.hearRunner("rnr_a", facts());
    const { tasks } = await ask("rnr_a", 8);
    expect(tasks).toHaveLength(2);
    const waiting = ask("rnr_a");
    for (const task of tasks.slice(1)) await finish(task, "rnr_a");
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("sends a step to the runner that holds its model", async () => {
    dispatcher.hearRunner("rnr_a", facts({ resident: [session("poster")] }));
    dispatcher.hearRunner("rnr_b", facts({ resident: [session("sketch")] }));
    const waiting = { a: ask("rnr_a"), b: ask("rnr_b") };
    const [sketch, poster] = [await submit({ type: "sketch" }), await submit({ type: "poster" })];
    expect((await waiting.b).tasks).toMatchObject([{ runId: sketch }]);
    expect((await waiting.a).tasks).toMatchObject([{ runId: poster }]);
  });

  it("gives a runner of one workspace that one's steps only, and charges nothing for its own device", async () => {
    await submit();
    const own = await submit({ workspaceId: "ws_other" });
    dispatcher.hearRunner("rnr_own", facts({ workspaceId: "ws_other" }));
    const { tasks } = await ask("rnr_own", 8);
    expect(tasks).toMatchObject([{ runId: own }]);
    for (const task of tasks) expect(await finish(task, "rnr_own", 60_000)).toBeNull();
    expect((await ask("rnr_own", 8, 30)).tasks).toEqual([]);
    for (let run = 0; run < 4; run += 1) await submit({ workspaceId: "ws_other" });
    dispatcher.hearRunner("rnr_any", facts({ slots: 2 }));
    const shared = (await ask("rnr_any", 2)).tasks.map(({ workspaceId }) => workspaceId);
    expect(shared.toSorted()).toEqual(["ws_local", "ws_other"]);
  });

  it("tells a runner to load what the next step of its run needs, once, if that has room", async () => {
    const document = testDocument(
      { a: ["sketch", { name: "before" }], b: ["poster", { name: "after" }] },
      ["a > b.in"],
    );
    const resident = [session("sketch")];
    dispatcher.hearRunner("rnr_small", facts({ memoryBytes: 1.5 * gigabyte, resident }));
    const small = ask("rnr_small", 0, 200);
    const { workspaceId } = { workspaceId: "ws_local" } as const;
    await submitDocument(document, { workspaceId });
    await askOne("rnr_small");
    expect((await small).commands).toEqual([]);
    dispatcher.removeRunner("rnr_small");
    dispatcher.hearRunner("rnr_large", facts({ resident }));
    const large = ask("rnr_large", 0);
    const other = testDocument(
      { a: ["sketch", { name: "before 2" }], b: ["poster", { name: "after 2" }] },
      ["a > b.in"],
    );
    await submitDocument(other, { workspaceId });
    await askOne("rnr_large");
    const { sha256 } = testModel("poster");
    expect((await large).commands).toEqual([{ type: "prefetch", sha256 }]);
    expect((await ask("rnr_large", 0, 30)).commands).toEqual([]);
  });

  it("gives no runner what it cannot do or has no room for", async () => {
    await submit({ type: "sketch" });
    const work = await submit();
    dispatcher.hearRunner("rnr_small", facts({ memoryBytes: gigabyte / 2 }));
    dispatcher.hearRunner("rnr_draws", facts({ ops: ["draw"], memoryBytes: gigabyte / 2 }));
    expect((await ask("rnr_small", 8)).tasks).toMatchObject([{ runId: work }]);
    expect((await ask("rnr_draws", 8, 30)).tasks).toEqual([]);
  });

  it("gives the next step of a run with the result of the one before, unless another workspace is due", async () => {
    const chain = (name: string) =>
      testDocument({ a: ["work", { name: `${name} a` }], b: ["work", { name: `${name} b` }] }, [
        "a > b.in",
      ]);
    dispatcher.hearRunner("rnr_a", facts({ slots: 1 }));
    await submitDocument(chain("alone"), { workspaceId: "ws_local" });
    const next = await finish(await askOne("rnr_a"), "rnr_a");
    expect(next).toMatchObject({ stepId: "b" });
    if (next !== null) await finish(next, "rnr_a");
    await submitDocument(chain("not alone"), { workspaceId: "ws_local" });
    const first = await askOne("rnr_a");
    const other = await submit({ workspaceId: "ws_other" });
    expect(await finish(first, "rnr_a", 60_000)).toBeNull();
    expect(await askOne("rnr_a")).toMatchObject({ runId: other });
  });

  it("knows after a takeover what waits and what is on which runner", async () => {
    dispatcher.hearRunner("rnr_a", facts({ slots: 2 }));
    for (let run = 0; run < 3; run += 1) await submit();
    const held = await askOne("rnr_a");
    dispatcher.close();
    await start({});
    dispatcher.hearRunner("rnr_a", facts({ slots: 2 }));
    expect((await ask("rnr_a", 2)).tasks).toHaveLength(1);
    const waiting = ask("rnr_a");
    await finish(held, "rnr_a");
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("gives nothing of a run that somebody cancelled elsewhere, and goes on with the others", async () => {
    const canceled = await submit();
    await requestCancel(test.database, { workspaceId: "ws_local", runId: canceled });
    const other = await submit();
    dispatcher.hearRunner("rnr_a", facts());
    expect((await ask("rnr_a")).tasks).toMatchObject([{ runId: other }]);
  });

  it("leases a step that is tried again as soon as its wait is over", async () => {
    dispatcher.hearRunner("rnr_a", facts());
    await submit();
    const { taskId, epoch, runId } = await askOne("rnr_a");
    const error = { class: "RATE" as const, code: "slow", message: "Slow", retryAfterMs: 150 };
    const result = { status: "failed" as const, error };
    const completions = [{ runnerId: "rnr_a", taskId, epoch, result }];
    const waiting = ask("rnr_a");
    dispatcher.hearNews((await completeTasks(test.database, { runId, catalog, completions })).news);
    const [again] = (await waiting).tasks;
    expect(again).toMatchObject({ taskId, epoch: epoch + 1 });
    if (again !== undefined) await finish(again, "rnr_a");
    await checkInvariants(test.database);
  });
});
