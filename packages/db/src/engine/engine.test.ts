import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readRunEvents } from "../runs/read-run-events.ts";
import { createTestDatabase, checkInvariants, type TestDatabase } from "../testing/index.ts";
import { testCatalog, testDocument } from "../testing/test-catalog.ts";
import {
  advance,
  claim,
  claimOne,
  complete,
  drain,
  emptyDatabase,
  start,
  submit,
  view,
  workResult,
} from "../testing/test-engine.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { requestCancel } from "./request-cancel.ts";
import { sweep } from "./sweep.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(async () => {
  await checkInvariants(database());
  await emptyDatabase(database());
});
afterAll(() => test.drop());

const chain = (word: string) =>
  testDocument(
    {
      source: ["text", { text: word }],
      first: ["work", { name: "first" }],
      second: ["work", { name: "second" }],
      result: ["output"],
    },
    ["source > first.in", "first > second.in", "second > result.value"],
  );

describe("a run", () => {
  it("goes step by step to its outputs, and tells its history without gaps", async () => {
    const runId = await start(database(), chain("hello"));
    expect((await view(database(), runId)).status).toBe("RUNNING");
    const tasks = await drain(database());
    expect(tasks.map(({ stepId }) => stepId)).toEqual(["first", "second"]);
    const run = await view(database(), runId);
    expect(run.status).toBe("SUCCEEDED");
    expect(run.outputs).toEqual({ result: { media: "text", text: "second(first(hello))" } });
    expect(run.costUsd).toBe(0.000004);
    const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
    expect(events.map(({ body }) => body.type)).toEqual([
      "run.queued",
      "run.started",
      "step.succeeded",
      "step.started",
      "step.succeeded",
      "step.started",
      "step.succeeded",
      "step.succeeded",
      "run.succeeded",
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("stays queued until the first of its steps is taken", async () => {
    const runId = await start(database(), testDocument({ only: ["work"] }));
    expect((await view(database(), runId)).status).toBe("QUEUED");
    const task = await claimOne(database());
    expect((await view(database(), runId)).status).toBe("RUNNING");
    await complete(database(), task);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("that was run before executes nothing and gives every output", async () => {
    const first = await start(database(), chain("same"));
    await drain(database());
    const second = await start(database(), chain("same"));
    const run = await view(database(), second);
    expect(run).toMatchObject({ status: "SUCCEEDED", costUsd: 0 });
    expect(run.outputs).toEqual((await view(database(), first)).outputs);
    expect(run.steps.filter(({ cached }) => cached)).toMatchObject([
      { stepId: "first", fromRunId: first },
      { stepId: "second", fromRunId: first },
    ]);
    expect(await claim(database())).toEqual([]);
  });

  it("executes only what depends on what was changed", async () => {
    const diamond = (right: string) =>
      testDocument(
        {
          left: ["work", { name: "left" }],
          right: ["work", { name: right }],
          both: ["work", { name: "both" }],
          result: ["output"],
        },
        ["left > both.in", "right > both.more", "both > result.value"],
      );
    await start(database(), diamond("right"));
    await drain(database());
    const runId = await start(database(), diamond("changed"));
    const tasks = await drain(database());
    expect(tasks.map(({ stepId }) => stepId)).toEqual(["right", "both"]);
    expect((await view(database(), runId)).outputs["result"]).toEqual({
      media: "text",
      text: "both(left()+changed())",
    });
  });

  it("with 2,000 evaluated steps in a row is done in well under a second", async () => {
    const nodes: Record<string, [string]> = { n0: ["text"] };
    const wires: string[] = [];
    for (let index = 1; index < 2_000; index += 1) {
      nodes[`n${index}`] = ["suffix"];
      wires.push(`n${index - 1} > n${index}.in`);
    }
    const document = testDocument(nodes, wires);
    const { runId } = await submit(database(), document);
    const before = performance.now();
    await advance(database(), runId);
    const tookMs = performance.now() - before;
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
    expect(tookMs).toBeLessThan(2_000);
  });

  it("gives nodes that do not need each other to as many slots at once, and what needs them to none yet", async () => {
    const document = testDocument(
      {
        a: ["work", { name: "a" }],
        b: ["work", { name: "b" }],
        c: ["work", { name: "c" }],
        after: ["work", { name: "after" }],
        joined: ["output", { name: "joined" }],
        alone: ["output", { name: "alone" }],
      },
      ["a > after.in", "b > after.more", "after > joined.value", "c > alone.value"],
    );
    await start(database(), document);
    const tasks = await claim(database(), 4);
    expect(tasks.map(({ stepId }) => stepId).toSorted()).toEqual(["a", "b", "c"]);
    for (const task of tasks) await complete(database(), task);
    expect((await drain(database())).map(({ stepId }) => stepId)).toEqual(["after"]);
  });

  it("in which one branch fails completes the others, and says which node failed", async () => {
    const document = testDocument(
      {
        bad: ["work", { name: "bad" }],
        after: ["work"],
        lost: ["output", { name: "lost" }],
        good: ["work", { name: "good" }],
        kept: ["output", { name: "kept" }],
      },
      ["bad > after.in", "after > lost.value", "good > kept.value"],
    );
    const runId = await start(database(), document);
    const tasks = await claim(database(), 10);
    for (const task of tasks) {
      const error = { class: "USER" as const, code: "bad", message: "This is bad", portId: "in" };
      const failed = { status: "failed" as const, error };
      await complete(database(), task, task.params["name"] === "bad" ? failed : workResult(task));
    }
    const run = await view(database(), runId);
    expect(run.status).toBe("FAILED");
    expect(run.error).toEqual({
      class: "USER",
      code: "bad",
      message: "This is bad",
      portId: "in",
      nodeId: "bad",
    });
    expect(run.outputs).toEqual({ kept: { media: "text", text: "good()" } });
    expect(run.steps.map(({ stepId, status }) => [stepId, status])).toEqual(
      expect.arrayContaining([
        ["bad", "FAILED"],
        ["after", "SKIPPED"],
        ["lost", "SKIPPED"],
        ["kept", "SUCCEEDED"],
      ]),
    );
  });

  it("does not reuse a failure", async () => {
    const document = testDocument({ only: ["work", { name: "flaky" }] });
    await start(database(), document);
    const error = { class: "USER" as const, code: "bad", message: "This is bad" };
    await complete(database(), await claimOne(database()), { status: "failed", error });
    const again = await start(database(), document);
    await drain(database());
    expect((await view(database(), again)).status).toBe("SUCCEEDED");
  });
});

describe("values wired into parameters", () => {
  const document = (amount: number) =>
    testDocument({ amount: ["number", { number: amount }], work: ["work"] }, [
      "amount > work.amount",
    ]);

  it("are in the task's parameters", async () => {
    await start(database(), document(7));
    const task = await claimOne(database());
    expect(task.params).toEqual({ name: "w", amount: 7 });
    expect(task.inputs).toEqual({});
    await complete(database(), task);
  });

  it("that do not fit fail the step, naming the port", async () => {
    const runId = await start(database(), document(70));
    expect(await view(database(), runId)).toMatchObject({
      status: "FAILED",
      error: { class: "USER", nodeId: "work", portId: "amount" },
    });
  });
});

describe("a list wired into a single input", () => {
  const mapped = (texts: string[], over = "work") =>
    testDocument(
      { texts: ["texts", { texts }], each: [over], join: ["join"], result: ["output"] },
      ["texts > each.in", "each > join.in", "join > result.value"],
    );

  it("runs the node once per item, and keeps their order", async () => {
    const runId = await start(database(), mapped(["a", "b", "c"]));
    const tasks = await claim(database(), 10);
    expect(tasks.map(({ item }) => item).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual([
      0, 1, 2,
    ]);
    for (const task of tasks.toReversed()) await complete(database(), task);
    const run = await view(database(), runId);
    expect(run.outputs["result"]).toEqual({ media: "text", text: "w(a),w(b),w(c)" });
    expect(run.steps.find(({ stepId, item }) => stepId === "each" && item === null)).toMatchObject({
      status: "SUCCEEDED",
      costUsd: 0.000006,
      timing: { deviceMs: 30 },
    });
  });

  it("evaluates in place", async () => {
    const runId = await start(database(), mapped(["a", "b"], "suffix"));
    expect((await view(database(), runId)).outputs["result"]).toEqual({
      media: "text",
      text: "ax,bx",
    });
  });

  it("that is empty gives an empty list", async () => {
    const runId = await start(database(), mapped([]));
    expect((await view(database(), runId)).outputs["result"]).toEqual({ media: "text", text: "" });
  });

  it("executes only the items that are new", async () => {
    await start(database(), mapped(["a", "b"]));
    await drain(database());
    const runId = await start(database(), mapped(["a", "b", "c"]));
    const tasks = await drain(database());
    expect(tasks.map(({ item }) => item)).toEqual([2]);
    expect((await view(database(), runId)).outputs["result"]).toEqual({
      media: "text",
      text: "w(a),w(b),w(c)",
    });
  });

  it("executes equal items once", async () => {
    const runId = await start(database(), mapped(["a", "a", "a"]));
    expect(await drain(database())).toHaveLength(1);
    expect((await view(database(), runId)).outputs["result"]).toEqual({
      media: "text",
      text: "w(a),w(a),w(a)",
    });
  });

  it("fails with the item that failed, and cancels those not begun", async () => {
    const runId = await start(database(), mapped(["a", "b", "c", "d"]));
    const [first, second] = await claim(database(), 2);
    if (first === undefined || second === undefined) throw new Error("Two tasks were expected");
    const error = { class: "USER" as const, code: "bad", message: "This is bad" };
    await complete(database(), second, { status: "failed", error });
    expect((await view(database(), runId)).status).toBe("RUNNING");
    await complete(database(), first);
    const run = await view(database(), runId);
    expect(run).toMatchObject({
      status: "FAILED",
      error: { nodeId: "each", message: "Item 2: This is bad" },
    });
    expect(run.steps.filter(({ item }) => item !== null).map(({ status }) => status)).toEqual([
      "SUCCEEDED",
      "FAILED",
      "CANCELED",
      "CANCELED",
    ]);
  });

  it("of lengths that do not fit fails, naming the port", async () => {
    const document = testDocument(
      {
        two: ["texts", { texts: ["a", "b"] }],
        three: ["texts", { texts: ["a", "b", "c"] }],
        each: ["work"],
      },
      ["two > each.in", "three > each.more"],
    );
    const runId = await start(database(), document);
    expect((await view(database(), runId)).error).toMatchObject({
      class: "USER",
      nodeId: "each",
      code: "list_lengths",
    });
  });
});

describe("the same work in two runs", () => {
  it("is done once, and both have it", async () => {
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => start(database(), chain("shared"))),
    );
    const tasks = await drain(database());
    expect(tasks).toHaveLength(2);
    for (const runId of runs) expect((await view(database(), runId)).status).toBe("SUCCEEDED");
    const costs = await Promise.all(
      runs.map(async (runId) => (await view(database(), runId)).costUsd),
    );
    expect(costs.filter((cost) => cost > 0)).toHaveLength(1);
  });

  it("is done by the other one when the first fails", async () => {
    const document = testDocument({ only: ["work", { name: "shared" }] });
    const first = await start(database(), document);
    const second = await start(database(), document);
    const task = await claimOne(database());
    expect(await claim(database())).toEqual([]);
    const error = { class: "USER" as const, code: "bad", message: "This is bad" };
    await complete(database(), task, { status: "failed", error });
    expect((await view(database(), first)).status).toBe("FAILED");
    await drain(database());
    expect((await view(database(), second)).status).toBe("SUCCEEDED");
  });

  it("is done by the other one when the first is cancelled, or its time is up", async () => {
    const document = testDocument({ only: ["work", { name: "left" }] });
    const canceled = await start(database(), document);
    const expired = await start(database(), document);
    const last = await start(database(), document);
    await requestCancel(database(), { workspaceId: localWorkspaceId, runId: canceled });
    await sweep(database(), { catalog: testCatalog });
    expect((await claimOne(database())).runId).toBe(expired);
    await database().pool.query("UPDATE run SET deadline_at = now() WHERE id = $1", [expired]);
    await sweep(database(), { catalog: testCatalog });
    expect((await drain(database())).map(({ runId }) => runId)).toEqual([last]);
    expect((await view(database(), last)).status).toBe("SUCCEEDED");
  });
});
