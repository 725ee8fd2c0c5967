import type { EventsRequest } from "@heddle/core";
import { touchRunner, type Database, type KnownRunner } from "@heddle/db";

type RunnerFacts = Pick<EventsRequest, "resident">;

/** What runners can do, remembered between their calls; Postgres knows it too, so another orchestrator can take over. */
export interface Runners {
  /** Throws AppError `not_found` or `conflict`, as `touchRunner` does. */
  find(runnerId: string): Promise<KnownRunner>;
  /** Notes that the runner is alive and what it holds, and whether it still is the one of its name. */
  touch(runnerId: string, facts: RunnerFacts): Promise<KnownRunner>;
}

export function createRunners(database: Database): Runners {
  const known = new Map<string, KnownRunner>();
  async function touch(runnerId: string, facts: RunnerFacts = {}): Promise<KnownRunner> {
    known.delete(runnerId);
    const runner = await touchRunner(database, runnerId, facts);
    known.set(runnerId, runner);
    return runner;
  }
  return {
    find: async (runnerId) => known.get(runnerId) ?? (await touch(runnerId)),
    touch,
  };
}
