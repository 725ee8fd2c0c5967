import pg from "pg";

export interface DispatcherLockOptions {
  readonly databaseUrl: string;
  /** Of runners; one dispatcher leads each. */
  readonly pool: string;
  /** Where this process is found by the others. */
  readonly url: string;
  /** A leader that has not shown itself for this long is taken to hang, and loses the lock. Milliseconds. */
  readonly hangsAfterMs: number;
}

export interface DispatcherLock {
  /** True: this process leads, or has just become the leader. Throws when the database does not answer; then it does not lead. */
  hold(): Promise<boolean>;
  /** Where the leader is found; null: nobody has ever led. */
  leaderUrl(): Promise<string | null>;
  /** Gives the lock up, if it is held. */
  release(): Promise<void>;
}

/**
 * Who leads a pool: whoever holds an advisory lock in a session of its own. When its process dies, Postgres gives the lock
 * up with the session; when it only hangs, another one ends that session.
 */
export function createDispatcherLock(options: DispatcherLockOptions): DispatcherLock {
  let session: pg.Client | undefined;
  async function open(): Promise<pg.Client> {
    if (session !== undefined) return session;
    const client = new pg.Client({
      connectionString: options.databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
      application_name: "heddle dispatcher",
    });
    const gone = () => {
      if (session === client) session = undefined;
    };
    client.on("error", gone).on("end", gone);
    await client.connect();
    session = client;
    return client;
  }
  async function ask<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) {
    const client = await open();
    try {
      return (await client.query<Row>(sql, [...values])).rows[0];
    } catch (error) {
      // Whether the lock is still held is not known: with its session it is given up for certain.
      session = undefined;
      await client.end().catch(() => {});
      throw error;
    }
  }
  return {
    hold: async () => {
      const { pool, url, hangsAfterMs } = options;
      const row = await ask<{ leads: boolean }>(holdSql, [pool, url]);
      if (row?.leads !== true) await ask(endHangingSql, [pool, hangsAfterMs]);
      return row?.leads === true;
    },
    leaderUrl: async () =>
      (await ask<{ url: string }>("SELECT url FROM dispatcher WHERE pool = $1", [options.pool]))
        ?.url ?? null,
    release: async () => {
      await session?.end().catch(() => {});
      session = undefined;
    },
  };
}

/** The two halves of the lock's number: what it is for, and of which pool. */
const lockSql = "hashtext('heddle dispatcher'), hashtext($1)";

/* A session may take its own lock again, so it is only asked for when it is not held. */
const holdSql = `
  WITH held AS (
    SELECT EXISTS (
      SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ) AS already
  ), lead AS (
    SELECT CASE WHEN already THEN true ELSE pg_try_advisory_lock(${lockSql}) END AS leads FROM held
  ), told AS (
    INSERT INTO dispatcher (pool, url) SELECT $1, $2 FROM lead WHERE leads
    ON CONFLICT (pool) DO UPDATE SET url = excluded.url, seen_at = now(),
      since = CASE WHEN dispatcher.url = excluded.url THEN dispatcher.since ELSE now() END
  )
  SELECT leads FROM lead`;

const endHangingSql = `
  SELECT pg_terminate_backend(l.pid) FROM pg_locks l, dispatcher d
  WHERE d.pool = $1 AND d.seen_at < now() - make_interval(secs => $2::float8 / 1000)
    AND l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid() AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint, l.objid::bigint) = (
      SELECT hashtext('heddle dispatcher')::bigint & 4294967295, hashtext($1)::bigint & 4294967295)`;
