import { PrismaPg } from "@prisma/adapter-pg";
import type { Reached } from "@heddle/core";
import pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { randomBase62 } from "./new-id.ts";

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name` */
  readonly url: string;
  /** Connections at most; default 10. */
  readonly poolSize?: number;
  /** Uniform in [0, 1): jitter of retries. Default `Math.random`. */
  readonly random?: () => number;
  /** Told of crash points; default: nobody is. */
  readonly reached?: Reached | undefined;
}

/** A handle on Postgres. Everything in it is for this package; others pass it to the functions of the index. */
export interface Database {
  /** Repositories. */
  readonly prisma: PrismaClient;
  /**
   * The engine's SQL. Statements that do not wait for each other's answer travel together (pipelining), which Prisma
   * cannot do: a completion is three round trips instead of a dozen.
   */
  readonly pool: pg.Pool;
  readonly random: () => number;
  readonly reached: Reached;
  /** Names this handle in the news that its transactions send: whoever sent them knows already. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Every statement here goes by key, in tables that grow from nothing to millions of rows within the life of a connection.
 * So plans are made once, and are the ones for large tables from the start: nested loops over indexes.
 */
const planSettings =
  "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/** Opens a pool; connections are made when they are needed. */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    pipeline: true,
    keepAlive: true,
    application_name: "heddle",
    connectionTimeoutMillis: 10_000,
    // A new connection costs a log-in and a dozen plans; the default of 10 s would pay that after every lull.
    idleTimeoutMillis: 600_000,
    // A process that is stopped in mid-transaction must not hold a run's lock for ever.
    idle_in_transaction_session_timeout: 20_000,
  });
  // Without a listener a connection that breaks while idle would end the process; the next query opens another.
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    // The same for one that breaks in a transaction: its statements are rejected, which is all that anybody has to know.
    client.on("error", () => {});
    client.query(planSettings).catch(() => {});
  });
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    prisma,
    pool,
    random: options.random ?? Math.random,
    reached: options.reached ?? (() => {}),
    origin: randomBase62(12),
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Throws with the reason when the database does not answer. */
export async function checkDatabase(database: Database): Promise<void> {
  await database.pool.query("SELECT 1");
}
