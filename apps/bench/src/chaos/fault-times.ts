import type { Database } from "@heddle/db";
import type { Cluster } from "./cluster.ts";
import { untilOver } from "./verdict.ts";

/** When processes died, on the database's clock. */
export class FaultTimes {
  readonly #database: Database;
  readonly #times: Date[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  async note(): Promise<void> {
    const { rows } = await this.#database.pool.query<{ now: Date }>(
      "SELECT clock_timestamp() AS now",
    );
    this.#times.push(...rows.map(({ now }) => now));
  }

  /** Milliseconds from the first kill that a run lived through to its end, for every such run. Waits until all are over. */
  async recoveries({ database, leaseMs }: Cluster): Promise<number[]> {
    await untilOver(database, leaseMs + 60_000);
    const { rows } = await database.pool.query<{ ms: number }>(recoverySql, [this.#times]);
    return rows.map(({ ms }) => ms);
  }
}

const recoverySql = `
  SELECT (extract(epoch FROM r.finished_at - min(killed.at)) * 1000)::float8 AS ms FROM run r
  JOIN unnest($1::timestamptz[]) AS killed(at) ON r.created_at <= killed.at AND r.finished_at > killed.at
  GROUP BY r.id, r.finished_at`;
