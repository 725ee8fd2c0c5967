import { createServer } from "node:http";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "../migrate.ts";
import { startPostgres, type TemporaryPostgres } from "./start-postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Answers with the URL of the tests' Postgres server; the first question starts it. */
    postgresOnDemandUrl: string;
  }
}

export const templateDatabase = "heddle_template";

/** One Postgres for all test files of a vitest run, started when the first one asks for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let started: Promise<TemporaryPostgres> | null = null;
  const server = createServer((_request, response) => {
    started ??= startWithTemplate();
    started.then(
      ({ serverUrl }) => response.end(serverUrl),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No free port");
  project.provide("postgresOnDemandUrl", `http://127.0.0.1:${address.port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await (await started?.catch(() => null))?.stop();
  };
}

async function startWithTemplate(): Promise<TemporaryPostgres> {
  const postgres = await startPostgres({ durable: false });
  const client = new pg.Client({ connectionString: `${postgres.serverUrl}/postgres` });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateDatabase}`);
  await client.end();
  await migrate(`${postgres.serverUrl}/${templateDatabase}`);
  return postgres;
}
