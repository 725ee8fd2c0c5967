import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

describe("migrate", () => {
  it("has nothing to do the second time, also when ten processes call it at once", async () => {
    const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(test.url)));
    expect(applied.flat()).toEqual([]);
  });

  it("applies what is missing, and all of a migration or nothing", async () => {
    const known = await readKnown();
    const good = {
      name: "9001_good",
      checksum: "a".repeat(64),
      sql: "CREATE TABLE later (id int)",
    };
    const bad = {
      name: "9002_bad",
      checksum: "b".repeat(64),
      sql: "CREATE TABLE half (id int); SELECT nothing",
    };
    await expect(migrate(test.url, [...known, good, bad])).rejects.toThrow("9002_bad");
    const { rows } = await test.database.pool.query(
      "SELECT to_regclass('later') AS later, to_regclass('half') AS half",
    );
    expect(rows[0]).toEqual({ later: "later", half: null });
  });

  it("gives way to whoever is at work on the same tables, and comes again", async () => {
    const name = "9003_in_the_way";
    const sql = "ALTER TABLE run ADD COLUMN later int; ALTER TABLE step ADD COLUMN later int";
    const later = { name, checksum: "c".repeat(64), sql };
    const client = new pg.Client({ connectionString: test.url });
    await client.connect();
    // The migration is the one that Postgres picks to end the deadlock.
    await client.query("SET deadlock_timeout = '60s'");
    await client.query("BEGIN");
    await client.query("LOCK TABLE step IN ROW EXCLUSIVE MODE");
    const known = await readKnown();
    const applied = migrate(test.url, [...known, later]);
    await expect.poll(() => isWaitedFor(client)).toBe(true);
    await client.query("LOCK TABLE run IN ROW EXCLUSIVE MODE");
    await client.query("COMMIT");
    await client.end();
    expect(await applied).toEqual([name]);
  });

  it("refuses a database of a newer version, and says what to do", async () => {
    await expect(migrate(test.url)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("newer version of Heddle"),
    });
  });

  it("refuses a database whose migrations were others", async () => {
    const known = await readKnown();
    const changed = known.map((migration) => ({ ...migration, checksum: "0".repeat(64) }));
    await expect(migrate(test.url, changed)).rejects.toMatchObject({ code: "conflict" });
  });
});

/** Somebody waits for a lock. */
async function isWaitedFor(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_locks WHERE NOT granted");
  return (rowCount ?? 0) > 0;
}

async function readKnown() {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  const { rows } = await client.query(
    "SELECT migration_name AS name, checksum, '' AS sql FROM _prisma_migrations",
  );
  await client.end();
  return rows as { name: string; checksum: string; sql: string }[];
}
