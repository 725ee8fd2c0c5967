import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "./testing/create-test-database.ts";
import { transaction, type Statement } from "./transaction.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const pidStatement: Statement = { name: "test_pid", text: "SELECT pg_backend_pid() AS pid" };
const insertStatement: Statement = {
  name: "test_insert",
  text: "INSERT INTO workspace (id, slug, name) VALUES ('ws_broken', 'broken', 'Broken')",
};

describe("a transaction whose connection breaks", () => {
  it("is rejected and rolled back, and the process lives on with another connection", async () => {
    const { database } = test;
    const broken = transaction(database, async (tx) => {
      await tx.query(insertStatement, []);
      const { rows } = await tx.query<{ pid: number }>(pidStatement, []);
      await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
      // Idle when it breaks: nothing is there to be rejected yet.
      await expect
        .poll(async () => {
          const found = await database.pool.query("SELECT FROM pg_stat_activity WHERE pid = $1", [
            rows[0]?.pid,
          ]);
          return found.rowCount;
        })
        .toBe(0);
      await tx.query(pidStatement, []);
    });
    await expect(broken).rejects.toThrow(/terminat|closed|not queryable/i);
    const found = await database.pool.query("SELECT FROM workspace WHERE id = 'ws_broken'");
    expect(found.rowCount).toBe(0);
  });
});
