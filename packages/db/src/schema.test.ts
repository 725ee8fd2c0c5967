import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Prisma } from "./generated/client.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe("the migrations", () => {
  it("make the tables and columns that the schema says", async () => {
    const { rows } = await test.database.pool.query<{ table_name: string; columns: string[] }>(
      `SELECT table_name, array_agg(column_name::text ORDER BY column_name) AS columns FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' GROUP BY table_name`,
    );
    const made = Object.fromEntries(rows.map((row) => [row.table_name, row.columns]));
    expect(Object.keys(made).toSorted()).toEqual(
      Object.values(Prisma.ModelName).map(snake).toSorted(),
    );
    const fields = {
      workspace: Object.keys(Prisma.WorkspaceScalarFieldEnum),
      workflow: Object.keys(Prisma.WorkflowScalarFieldEnum),
      workflow_version: Object.keys(Prisma.WorkflowVersionScalarFieldEnum),
      run: Object.keys(Prisma.RunScalarFieldEnum),
      step: Object.keys(Prisma.StepScalarFieldEnum),
      step_edge: Object.keys(Prisma.StepEdgeScalarFieldEnum),
      step_attempt: Object.keys(Prisma.StepAttemptScalarFieldEnum),
      artifact: Object.keys(Prisma.ArtifactScalarFieldEnum),
      swept_blob: Object.keys(Prisma.SweptBlobScalarFieldEnum),
      cache_entry: Object.keys(Prisma.CacheEntryScalarFieldEnum),
      inflight: Object.keys(Prisma.InflightScalarFieldEnum),
      usage_event: Object.keys(Prisma.UsageEventScalarFieldEnum),
      run_event: Object.keys(Prisma.RunEventScalarFieldEnum),
      idempotency_key: Object.keys(Prisma.IdempotencyKeyScalarFieldEnum),
      api_key: Object.keys(Prisma.ApiKeyScalarFieldEnum),
      runner: Object.keys(Prisma.RunnerScalarFieldEnum),
      runner_file: Object.keys(Prisma.RunnerFileScalarFieldEnum),
      runner_token: Object.keys(Prisma.RunnerTokenScalarFieldEnum),
    };
    for (const [table, columns] of Object.entries(fields))
      expect([table, made[table]]).toEqual([table, columns.map(snake).toSorted()]);
  });
});

function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
