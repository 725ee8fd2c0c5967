import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { createDatabase, type Database, type DatabaseOptions } from "../database.ts";
import { ensureLocalWorkspace } from "../workspaces.ts";
import { templateDatabase } from "./global-setup.ts";

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

/** A database of its own on the tests' Postgres, migrated and with the local workspace, in some 30 ms. */
export async function createTestDatabase(
  options: Omit<DatabaseOptions, "url"> = {},
): Promise<TestDatabase> {
  const serverUrl = await askForServer();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await runOn(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${templateDatabase}`);
  const url = `${serverUrl}/${name}`;
  const database = createDatabase({ url, ...options });
  await ensureLocalWorkspace(database);
  return {
    url,
    database,
    drop: async () => {
      await database.close();
      await runOn(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function askForServer(): Promise<string> {
  const response = await fetch(inject("postgresOnDemandUrl"));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** Two clones of one template cannot be made at once: the second one tries again. */
async function runOn(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await client.query(sql);
        return;
      } catch (error) {
        if (attempt === 50 || !String(error).includes("being accessed")) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  } finally {
    await client.end();
  }
}
