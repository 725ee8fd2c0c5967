import pg from "pg";

/** Waits until the server answers, and makes the database `heddle` unless it is there. */
export async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: `${serverUrl}/postgres`,
    connectionTimeoutMillis: 5_000,
  });
  // A server that goes away under an idle connection must not end this process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = 'heddle'");
    if (found.rowCount === 0) await client.query("CREATE DATABASE heddle");
  } finally {
    await client.end();
  }
}
