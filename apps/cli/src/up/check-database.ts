import pg from "pg";
import { Fatal } from "../fatal.ts";

/** @throws Fatal when the database that `DATABASE_URL` names does not answer. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    const reason =
      error instanceof Error && error.message !== "" ? error.message : "it does not answer";
    throw new Fatal(`cannot use the database ${host}${pathname} of DATABASE_URL: ${reason}`);
  }
  await client.end();
}
