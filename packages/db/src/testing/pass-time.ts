import type { Database } from "../database.ts";
import { removeFiles } from "../retention/artifact-lock.ts";
import { transaction } from "../transaction.ts";

/**
 * As if files had been used, and runs submitted, so much earlier. Nobody keeps files meanwhile, so it is one moment. When
 * files were swept stays: attempts and uploads under way have read the clock, and compare it with that.
 */
export async function passTime(database: Database, ms: number): Promise<void> {
  await transaction(database, async (tx) => {
    await tx.query(removeFiles, []);
    for (const [table, columns] of Object.entries(clocks)) {
      const set = columns.map(
        (column) => `${column} = ${column} - make_interval(secs => $1::float8 / 1000)`,
      );
      await tx.query({ name: `pass_${table}`, text: `UPDATE ${table} SET ${set.join(", ")}` }, [
        ms,
      ]);
    }
  });
}

const clocks: Readonly<Record<string, readonly string[]>> = {
  artifact: ["used_at", "condemned_at"],
  run: ["created_at"],
  workflow_version: ["published_at"],
};
