import type { Task } from "@heddle/core";
import type { Database } from "../database.ts";
import { claimTasks } from "../engine/claim-tasks.ts";

export interface ClaimOldestOptions {
  readonly runnerId: string;
  readonly ops: readonly string[];
  /** Tasks at most. */
  readonly limit: number;
  readonly leaseMs: number;
}

/** Leases the steps that have been READY longest, where no dispatcher chooses. */
export async function claimOldest(
  database: Database,
  { ops, limit, ...lease }: ClaimOldestOptions,
): Promise<Task[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `SELECT id FROM step WHERE status = 'READY' AND NOT joined AND available_at <= now() AND op = ANY ($1)
     ORDER BY available_at, ordinal, item LIMIT $2`,
    [ops, limit],
  );
  return claimTasks(database, { ...lease, stepIds: rows.map(({ id }) => id) });
}
