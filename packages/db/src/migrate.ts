import { randomUUID } from "node:crypto";
import { AppError } from "@heddle/core";
import pg from "pg";
import { migrations } from "./generated/migrations.ts";

export interface Migration {
  readonly name: string;
  /** SHA-256 of the SQL, hex */
  readonly checksum: string;
  readonly sql: string;
}

/** The key that Prisma's own command takes, so that both never run at once. */
const advisoryLock = 72_707_369;

/**
 * Brings the database to the state that this code needs, and returns the names of what it applied. Keeps Prisma's table
 * `_prisma_migrations`, so `prisma migrate` still works where its engine is installed. Any number of processes may call
 * it at once. Throws AppError `conflict` when the database was made by a newer version or its history differs.
 */
export async function migrate(
  databaseUrl: string,
  known: readonly Migration[] = migrations,
): Promise<string[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "heddle-migrate",
  });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [advisoryLock]);
    await client.query(migrationsTable);
    const applied = await readApplied(client);
    checkHistory(applied, known);
    const missing = known.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const migrationsTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL",
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function checkHistory(applied: ReadonlyMap<string, string>, known: readonly Migration[]): void {
  const checksums = new Map(known.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of applied) {
    const expected = checksums.get(name);
    if (expected === undefined) {
      throw new AppError(
        "conflict",
        `This data folder was made by a newer version of Heddle (it holds the migration ${name}). Update Heddle, or choose another HEDDLE_DATA_DIR or DATABASE_URL`,
      );
    }
    if (expected !== checksum) {
      throw new AppError(
        "conflict",
        `The migration ${name} is not the one that this database was made with`,
      );
    }
  }
}

const attempts = 20;
/** deadlock_detected, lock_not_available: whoever works on the database meanwhile was in the way. */
const inTheWay = new Set(["40P01", "55P03"]);

/** Tries again when it gets into the way of others: the engine may be at work on the same tables. */
async function apply(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await applyOnce(client, migration);
    } catch (error) {
      if (attempt < attempts && isInTheWay(error)) continue;
      throw new Error(`The migration ${migration.name} failed`, { cause: error });
    }
  }
}

function isInTheWay(error: unknown): boolean {
  return error instanceof pg.DatabaseError && inTheWay.has(error.code ?? "");
}

async function applyOnce(client: pg.Client, { name, checksum, sql }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    // A lock that is waited for keeps everybody out who comes later: better to let them by and to come again.
    await client.query("SET LOCAL lock_timeout = '2s'");
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  }
}
