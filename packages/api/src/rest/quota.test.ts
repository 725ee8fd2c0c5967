import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument } from "../testing/build-document.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";
import { runResultSchema } from "../wire/run-result.ts";

const document = buildDocument({
  greeting: { type: "input-text", params: { name: "greeting", value: "Hello" } },
});

async function submit(test: TestApi, headers: Record<string, string> = {}) {
  const response = await test.call("POST", "/api/v1/runs", { json: { document }, headers });
  const json: unknown = await response.json();
  return { status: response.status, retryAfter: response.headers.get("retry-after"), json };
}

describe("a workspace that may have so many runs and no more", () => {
  let test: TestApi;
  beforeAll(async () => {
    // Nothing ends: nobody advances the runs.
    test = await startTestApi({ quota: { openRuns: 3 } }, { advance: false });
  });
  afterAll(() => test.close());

  it("gets exactly as many, however many are sent at once, and is told what to do about the others", async () => {
    const sent = await Promise.all(Array.from({ length: 12 }, () => submit(test)));
    expect(sent.filter(({ status }) => status === 202)).toHaveLength(3);
    const refused = sent.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(9);
    const { code, detail } = problemDocumentSchema.parse(refused[0]?.json);
    expect(code).toBe("rate_limited");
    expect(detail).toMatch(/has 3 runs that have not ended, and may have 3 \(HEDDLE_QUOTA_RUNS\)/);
    expect(Number(refused[0]?.retryAfter)).toBeGreaterThan(0);
  });

  it("gets the run of a key that it has sent before all the same, and room again when a run has ended", async () => {
    const { rows } = await test.api.database.pool.query<{ id: string }>(
      "SELECT id FROM run LIMIT 1",
    );
    await test.call("POST", `/api/v1/runs/${rows[0]?.id}/cancel`);
    const key = { "idempotency-key": "the-same" };
    const first = await submit(test, key);
    expect(first.status).toBe(202);
    const again = await submit(test, key);
    expect(again.status).toBe(202);
    const idOf = (json: unknown) => runResultSchema.parse(json).run.id;
    expect(idOf(again.json)).toBe(idOf(first.json));
    expect((await submit(test)).status).toBe(429);
  });
});

describe("a workspace that may use so much of devices in a day", () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await startTestApi({ quota: { deviceSecondsADay: 10 } }, { advance: false });
  });
  afterAll(() => test.close());

  it("is refused when it has used that, until enough of it is a day old", async () => {
    const { status, json } = await submit(test);
    expect(status).toBe(202);
    const { id } = runResultSchema.parse(json).run;
    const { pool } = test.api.database;
    const spend = (age: string, seconds: number, item: number) =>
      pool.query(
        `WITH spent AS (
           INSERT INTO step (id, run_id, workspace_id, step_id, item, ordinal, node_ids, op, spec, deps_remaining, status, device_ms)
           SELECT 'stp_' || $4, id, workspace_id, 'spent', $4::int, 9, '{}', 'work', '{}', 0, 'SUCCEEDED', $3::float8 * 1000
           FROM run WHERE id = $1 RETURNING id, run_id, workspace_id)
         INSERT INTO usage_event (step_id, meter, workspace_id, run_id, quantity, unit_price_usd, cost_usd, created_at)
         SELECT id, 'second', workspace_id, run_id, $3, 0, 0, now() - $2::interval FROM spent`,
        [id, age, seconds, item],
      );
    await spend("25 hours", 100, 1);
    await spend("23 hours", 4, 2);
    await spend("1 hour", 5, 3);
    expect((await submit(test)).status).toBe(202);
    await spend("1 minute", 3, 4);
    const refused = await submit(test);
    expect(refused.status).toBe(429);
    expect(problemDocumentSchema.parse(refused.json).detail).toMatch(
      /has used 12\.0 s of devices within 24 hours, and may use 10 \(HEDDLE_QUOTA_DEVICE_SECONDS\)/,
    );
    // What was spent 23 hours ago makes room for the next in an hour.
    expect(Number(refused.retryAfter)).toBeGreaterThan(3_500);
    expect(Number(refused.retryAfter)).toBeLessThanOrEqual(3_600);
  });
});
