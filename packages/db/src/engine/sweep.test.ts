import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  checkInvariants,
  createTestDatabase,
  testCatalog,
  testDocument,
  type TestDatabase,
} from "../testing/index.ts";
import {
  claimOne,
  complete,
  drain,
  emptyDatabase,
  start,
  submit,
  view,
} from "../testing/test-engine.ts";
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

const single = testDocument({ only: ["work", { name: "only" }], result: ["output"] }, [
  "only > result.value",
]);
const infra = { class: "INFRA" as const, code: "disk_full", message: "The disk is full" };

describe("the sweeper", () => {
  it("starts a run whose doorbell was lost", async () => {
    const { runId } = await submit(database(), single);
    expect((await sweep(database(), { catalog: testCatalog })).advancedRuns).toBe(0);
    const swept = await sweep(database(), { catalog: testCatalog, unrungAfterMs: 0 });
    expect(swept).toMatchObject({ advancedRuns: 1, news: [{ status: "READY" }] });
    await drain(database());
    expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });

  it("ends a run whose time is up, and what a runner hands in after that is refused", async () => {
    const runId = await start(database(), single);
    const task = await claimOne(database());
    await database().pool.query("UPDATE run SET deadline_at = now()");
    expect((await sweep(database(), { catalog: testCatalog })).expiredRuns).toBe(1);
    expect((await view(database(), runId)).status).toBe("EXPIRED");
    expect(await complete(database(), task)).toBe(false);
  });

  it("frees a step that waits for work which is no longer under way", async () => {
    const first = await start(database(), single);
    const second = await start(database(), single);
    // What a crash between two transactions could leave behind.
    await complete(database(), await claimOne(database()), {
      status: "failed",
      error: { ...infra, class: "USER" },
    });
    await database().pool.query("DELETE FROM inflight");
    await sweep(database(), { catalog: testCatalog });
    await drain(database());
    expect((await view(database(), first)).status).toBe("FAILED");
    expect((await view(database(), second)).status).toBe("SUCCEEDED");
  });

  it("frees a step that waits for work of a run that was deleted", async () => {
    const first = await start(database(), single);
    const second = await start(database(), single);
    await database().pool.query("DELETE FROM run WHERE id = $1", [first]);
    await sweep(database(), { catalog: testCatalog });
    await drain(database());
    expect((await view(database(), second)).status).toBe("SUCCEEDED");
  });

  it("may run in any number of processes at once", async () => {
    const runIds = await Promise.all(Array.from({ length: 5 }, () => submit(database(), single)));
    const options = { catalog: testCatalog, unrungAfterMs: 0 };
    await Promise.all(Array.from({ length: 8 }, () => sweep(database(), options)));
    await drain(database());
    for (const { runId } of runIds)
      expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  });
});
