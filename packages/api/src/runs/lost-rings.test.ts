import { catalog } from "@heddle/catalog";
import { advanceRun, sweep } from "@heddle/db";
import { hasRedis, startRedis, type TestRedis } from "@heddle/infra/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { textDocument } from "../testing/build-document.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { runResultSchema } from "../wire/run-result.ts";

/** Milliseconds within which a submit is answered although its ring gets nowhere; far more than it takes. */
const submitMs = 5_000;

let test: TestApi;
afterEach(() => test.close());

async function submit(): Promise<string> {
  const startedAt = performance.now();
  const response = await test.call("POST", "/api/v1/runs", { json: { document: textDocument() } });
  expect(response.status).toBe(202);
  expect(performance.now() - startedAt).toBeLessThan(submitMs);
  return runResultSchema.parse(await response.json()).run.id;
}

async function statusOf(runId: string): Promise<string> {
  const response = await test.call("GET", `/api/v1/runs/${runId}`);
  return runResultSchema.parse(await response.json()).run.status;
}

/** What every orchestrator does each second; nobody answers the doorbell here. */
async function sweepOnce(): Promise<void> {
  const { failures } = await sweep(test.api.database, { catalog, unrungAfterMs: 0 });
  expect(failures).toEqual([]);
}

/** From here on rings arrive again, and a run needs no sweep. */
async function expectRingsArrive(): Promise<void> {
  test.api.doorbell.answer(async (runId) => {
    await advanceRun(test.api.database, { runId, catalog });
  }, 1);
  const runId = await submit();
  await expect
    .poll(
      async () => {
        // The client of the queue may still be on its way back.
        if ((await statusOf(runId)) !== "SUCCEEDED")
          await test.api.doorbell.ring(runId).catch(() => undefined);
        return statusOf(runId);
      },
      { timeout: 30_000 },
    )
    .toBe("SUCCEEDED");
}

interface Fault {
  readonly name: string;
  /** Before the submit. */
  readonly before?: () => Promise<void>;
  /** After the submit. */
  readonly after?: () => Promise<void>;
  /** Once the run has ended. */
  readonly mend?: () => Promise<void>;
}

function survives(queueUrl: () => string | undefined, faults: readonly Fault[]) {
  beforeEach(async () => {
    test = await startTestApi({}, { advance: false, queueUrl: queueUrl() });
    await test.api.doorbell.check();
  });

  it("rings for a run that was submitted", async () => {
    await expectRingsArrive();
  });

  it.each(faults)("$name: a submit is answered, and the run ends", async (fault) => {
    await fault.before?.();
    const runId = await submit();
    await fault.after?.();
    expect(await statusOf(runId)).toBe("QUEUED");
    await sweepOnce();
    expect(await statusOf(runId)).toBe("SUCCEEDED");
    await fault.mend?.();
    await expectRingsArrive();
  });
}

describe("the queue on Postgres", () => {
  survives(
    () => undefined,
    [
      {
        name: "its jobs are lost",
        after: async () => {
          await test.api.database.pool.query("TRUNCATE bullmq.job CASCADE");
        },
      },
      {
        name: "its tables cannot be written",
        before: async () => {
          await test.api.database.pool.query("ALTER TABLE bullmq.job RENAME TO away");
        },
        mend: async () => {
          await test.api.database.pool.query("ALTER TABLE bullmq.away RENAME TO job");
        },
      },
    ],
  );
});

describe.skipIf(!hasRedis)("the queue on Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.kill());
  survives(
    () => redis.url,
    [
      {
        name: "it restarts empty",
        after: async () => {
          await redis.kill();
          await redis.restart();
        },
      },
      { name: "it is away", before: () => redis.kill(), mend: () => redis.restart() },
      { name: "FLUSHALL", after: () => redis.flush() },
      { name: "it is full", before: () => redis.fill(), mend: () => redis.room() },
    ],
  );
});
