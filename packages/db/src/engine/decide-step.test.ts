import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createDatabase } from "../database.ts";
import { readRunEvents } from "../runs/read-run-events.ts";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog as catalog,
  testDocument,
  type TestDatabase,
} from "../testing/index.ts";
import {
  claim,
  claimOne,
  complete,
  drain,
  emptyDatabase,
  start,
  submit,
  view,
} from "../testing/test-engine.ts";
import { localWorkspaceId as workspaceId } from "../workspaces.ts";
import { advanceRun } from "./advance-run.ts";
import { cachedSteps } from "./cached-steps.ts";
import { decideStep } from "./decide-step.ts";
import { pauseRun, resumeRun } from "./pause-run.ts";
import { requestCancel } from "./request-cancel.ts";
import { sweep } from "./sweep.ts";
import { testPlan } from "../testing/test-catalog.ts";

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

const asking = testDocument(
  {
    draft: ["work", { name: "draft" }],
    ask: ["approve"],
    final: ["work", { name: "final" }],
    result: ["output"],
  },
  ["draft > ask.out", "ask > final.in", "final > result.value"],
);
const draft = { out: { media: "text", text: "draft()" } };

/** A run that waits for a person. */
async function startAsking(): Promise<string> {
  const runId = await start(database(), asking);
  await complete(database(), await claimOne(database()));
  expect((await view(database(), runId)).steps.map(({ status }) => status)).toEqual([
    "SUCCEEDED",
    "WAITING",
    "BLOCKED",
    "BLOCKED",
  ]);
  return runId;
}

const decide = (runId: string, approve: boolean, stepId = "ask") =>
  decideStep(database(), { workspaceId, runId, stepId, approve, catalog });

describe("a step that asks a person", () => {
  it("waits without a lease, shows what is to be approved, and hands it on when it is", async () => {
    const runId = await startAsking();
    expect(await claim(database(), 10)).toEqual([]);
    const run = await view(database(), runId);
    expect(run.status).toBe("RUNNING");
    expect(run.steps[1]?.outputs).toEqual(draft);
    await decide(runId, true);
    await drain(database());
    expect(await view(database(), runId)).toMatchObject({
      status: "SUCCEEDED",
      outputs: { result: { media: "text", text: "final(draft())" } },
    });
    const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
    expect(events.find(({ body }) => body.type === "step.waiting")?.body).toMatchObject({
      stepId: "ask",
      outputs: draft,
    });
  });

  it("fails with what needs it when the person declines, and the rest is kept", async () => {
    const runId = await startAsking();
    await decide(runId, false);
    const run = await view(database(), runId);
    expect(run).toMatchObject({
      status: "FAILED",
      error: { class: "USER", code: "not_approved", nodeId: "ask" },
    });
    expect(run.steps.map(({ status }) => status)).toEqual([
      "SUCCEEDED",
      "FAILED",
      "SKIPPED",
      "SKIPPED",
    ]);
    expect(run.steps[1]?.outputs).toBeNull();
  });

  it("is decided once, however many click at once", async () => {
    const runId = await startAsking();
    const clicks = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => decide(runId, index % 2 === 0)),
    );
    const approved = clicks.filter(
      ({ status }, index) => status === "fulfilled" && index % 2 === 0,
    );
    const declined = clicks.filter(
      ({ status }, index) => status === "fulfilled" && index % 2 === 1,
    );
    expect(new Set([approved.length, declined.length])).toEqual(new Set([0, 10]));
    for (const click of clicks)
      if (click.status === "rejected") expect(click.reason).toMatchObject({ code: "conflict" });
    await drain(database());
    const events = await readRunEvents(database(), { runId, afterSeq: 0, limit: 100 });
    const ended = events.filter(
      ({ body }) =>
        (body.type === "step.succeeded" || body.type === "step.failed") && body.stepId === "ask",
    );
    expect(ended).toHaveLength(1);
  });

  it("waits for days: its run does not expire, and no restart forgets it", async () => {
    const runId = await startAsking();
    const { deadlineAt } = await view(database(), runId);
    await database().pool.query(
      `UPDATE run SET held_at = held_at - interval '9 days', deadline_at = deadline_at - interval '9 days'`,
    );
    const restarted = createDatabase({ url: test.url });
    try {
      expect((await sweep(restarted, { catalog, unrungAfterMs: 0 })).expiredRuns).toBe(0);
      await advanceRun(restarted, { runId, catalog });
      expect((await view(restarted, runId)).steps[1]).toMatchObject({
        status: "WAITING",
        outputs: draft,
      });
      await decideStep(restarted, { workspaceId, runId, stepId: "ask", approve: true, catalog });
      expect((await sweep(restarted, { catalog })).expiredRuns).toBe(0);
      const { deadlineAt: later } = await view(restarted, runId);
      expect(Math.abs(later.getTime() - deadlineAt.getTime())).toBeLessThan(10_000);
      await drain(restarted);
      expect((await view(restarted, runId)).status).toBe("SUCCEEDED");
    } finally {
      await restarted.close();
    }
  });

  it("is asked again in every run, and what is behind it is not promised from the cache", async () => {
    const first = await startAsking();
    await decide(first, true);
    await drain(database());
    const second = await start(database(), asking);
    expect((await view(database(), second)).steps[1]?.status).toBe("WAITING");
    expect(await cachedSteps(database(), { workspaceId, plan: testPlan(asking), catalog })).toEqual(
      ["draft"],
    );
    await decide(second, true);
    expect((await view(database(), second)).status).toBe("SUCCEEDED");
  });

  it("takes a list as a whole", async () => {
    const runId = await start(
      database(),
      testDocument({ many: ["texts", { texts: ["a", "b"] }], ask: ["approve"], joined: ["join"] }, [
        "many > ask.out",
        "ask > joined.in",
      ]),
    );
    await decide(runId, true);
    const run = await view(database(), runId);
    expect(run.steps.at(-1)?.outputs).toEqual({ out: { media: "text", text: "a,b" } });
  });

  it("ends at once when the run is cancelled", async () => {
    const runId = await startAsking();
    expect(await requestCancel(database(), { workspaceId, runId })).toBe("CANCELED");
    await expect(decide(runId, true)).rejects.toMatchObject({ code: "conflict" });
  });

  it("may be decided while the run is paused; what follows waits", async () => {
    const runId = await startAsking();
    await pauseRun(database(), { workspaceId, runId, catalog });
    await decide(runId, true);
    expect(await claim(database(), 10)).toEqual([]);
    await resumeRun(database(), { workspaceId, runId, catalog });
    expect((await drain(database())).map(({ stepId }) => stepId)).toEqual(["final"]);
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("cannot be decided from another workspace, before it is asked, or where nobody is asked", async () => {
    const { runId } = await submit(database(), asking);
    const foreign = { workspaceId: "ws_other", runId, stepId: "ask", approve: true, catalog };
    await expect(decideStep(database(), foreign)).rejects.toMatchObject({ code: "not_found" });
    await expect(decide("run_no", true)).rejects.toMatchObject({ code: "not_found" });
    await expect(decide(runId, true)).rejects.toMatchObject({ code: "conflict" });
    await expect(decide(runId, true, "draft")).rejects.toMatchObject({ code: "not_found" });
    await requestCancel(database(), { workspaceId, runId });
  });
});
