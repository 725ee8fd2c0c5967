import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createTestDatabase,
  findViolations,
  testDocument,
  type TestDatabase,
} from "../testing/index.ts";
import { drain, start, submit, view } from "../testing/test-engine.ts";
import { createWorkflow } from "../workflows/workflow.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { getRun } from "./get-run.ts";
import { listRuns } from "./list-runs.ts";
import { readRunEvents } from "./read-run-events.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const workspaceId = localWorkspaceId;
const document = testDocument({ text: ["text"], result: ["output"] }, ["text > result.value"]);

describe("an idempotency key", () => {
  it("makes one run, however many send it at once", async () => {
    const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
    const sent = keys.flatMap((key) =>
      Array.from({ length: 100 }, () =>
        submit(database(), document, { idempotency: { key, bodyHash: "a" } }),
      ),
    );
    const submitted = await Promise.all(sent);
    expect(new Set(submitted.map(({ runId }) => runId)).size).toBe(10);
    expect(submitted.filter(({ created }) => created)).toHaveLength(10);
    const { rows } = await database().pool.query("SELECT count(*)::int AS runs FROM run");
    expect(rows).toEqual([{ runs: 10 }]);
  });

  it("that comes with another body is refused", async () => {
    await submit(database(), document, { idempotency: { key: "once", bodyHash: "a" } });
    const other = submit(database(), document, { idempotency: { key: "once", bodyHash: "b" } });
    await expect(other).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("Idempotency-Key"),
    });
  });
});

describe("a submitted run", () => {
  it("is there, whole, with its first event", async () => {
    const { runId } = await submit(database(), document);
    const run = await getRun(database(), { workspaceId, runId });
    expect(run).toMatchObject({
      status: "QUEUED",
      number: null,
      eventSeq: 1,
      outputs: {},
      document,
    });
    expect(run?.steps.map(({ stepId, status }) => [stepId, status])).toEqual([
      ["text", "BLOCKED"],
      ["result", "BLOCKED"],
    ]);
    const [event] = await readRunEvents(database(), { runId, afterSeq: 0, limit: 10 });
    expect(event).toMatchObject({ runId, seq: 1, body: { type: "run.queued" } });
  });

  it("is not found from another workspace", async () => {
    const { runId } = await submit(database(), document);
    expect(await getRun(database(), { workspaceId: "ws_other", runId })).toBeNull();
  });

  it("of a workflow is numbered within it, without gaps, also when many come at once", async () => {
    const { id: workflowId } = await createWorkflow(database(), {
      workspaceId,
      name: "numbered",
      document,
    });
    await Promise.all(
      Array.from({ length: 20 }, () => submit(database(), document, { workflowId })),
    );
    const { items } = await listRuns(database(), { workspaceId, workflowId, limit: 50 });
    expect(items.map(({ number }) => number).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it("of a workflow of another workspace is refused, and leaves nothing", async () => {
    await database().pool.query("DELETE FROM run");
    const unknown = submit(database(), document, { workflowId: "wf_unknown" });
    await expect(unknown).rejects.toMatchObject({ code: "not_found" });
    const { rows } = await database().pool.query("SELECT count(*)::int AS runs FROM run");
    expect(rows).toEqual([{ runs: 0 }]);
  });

  it("may hold characters that Postgres does not take, and runs without them", async () => {
    const odd = testDocument(
      { text: ["text", { text: "a\u0000b\ud800c😀" }], result: ["output"] },
      ["text > result.value"],
    );
    const runId = await start(database(), odd);
    expect((await view(database(), runId)).outputs["result"]).toEqual({
      media: "text",
      text: "ab\ufffdc😀",
    });
  });

  it("of 5,000 steps is written in a few seconds", async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 4_999 }, (_, index) => [
        `n${index}`,
        ["work", { name: `n${index}` }] as const,
      ]),
    );
    const before = performance.now();
    const runId = await start(database(), testDocument({ ...nodes, text: ["text"] }));
    expect(performance.now() - before).toBeLessThan(15_000);
    expect((await view(database(), runId)).steps).toHaveLength(5_000);
    await database().pool.query("DELETE FROM run WHERE id = $1", [runId]);
    await database().pool.query("TRUNCATE inflight");
  });
});

describe("the list of runs", () => {
  it("comes in pages, newest first, each run once", async () => {
    const { id: workflowId } = await createWorkflow(database(), {
      workspaceId,
      name: "paged",
      document,
    });
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.push(await start(database(), document, { workflowId }));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(database(), {
        workspaceId,
        workflowId,
        limit: 3,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
    await expect(
      listRuns(database(), { workspaceId, limit: 3, cursor: "made up" }),
    ).rejects.toMatchObject({ code: "bad_request" });
  });

  it("shows what came out", async () => {
    await start(database(), document);
    await drain(database());
    const { items } = await listRuns(database(), { workspaceId, limit: 1 });
    expect(items).toMatchObject([
      { status: "SUCCEEDED", outputs: { result: { media: "text", text: "a" } }, costUsd: 0 },
    ]);
    await database().pool.query("DELETE FROM run WHERE status = 'QUEUED'");
    expect(await findViolations(database())).toEqual([]);
  });
});
