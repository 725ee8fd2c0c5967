import { AppError, type EventsRequest } from "@heddle/core";
import {
  findRunnerIdentity,
  touchRunner,
  type Database,
  type KnownRunner,
  type RunnerIdentity,
} from "@heddle/db";

type RunnerFacts = Pick<EventsRequest, "resident">;

/** What runners can do, remembered between their calls; Postgres knows it too, so another orchestrator can take over. */
export interface Runners {
  /** Throws AppError `not_found` unless the runner registered with this token: nobody speaks for the runner of another. */
  check(runnerId: string, identity: RunnerIdentity): Promise<void>;
  /** Throws AppError `not_found` or `conflict`, as `touchRunner` does. */
  find(runnerId: string): Promise<KnownRunner>;
  /** Notes that the runner is alive and what it holds, and whether it still is the one of its name. */
  touch(runnerId: string, facts: RunnerFacts): Promise<KnownRunner>;
}

export function createRunners(database: Database): Runners {
  const known = new Map<string, KnownRunner>();
  const owners = new Map<string, RunnerIdentity>();
  async function touch(runnerId: string, facts: RunnerFacts = {}): Promise<KnownRunner> {
    known.delete(runnerId);
    const runner = await touchRunner(database, runnerId, facts);
    known.set(runnerId, runner);
    return runner;
  }
  return {
    check: async (runnerId, { tokenId }) => {
      const owner = owners.get(runnerId) ?? (await findRunnerIdentity(database, runnerId));
      if (owner === null || owner.tokenId !== tokenId)
        throw new AppError("not_found", "No runner is registered under this id with this token");
      owners.set(runnerId, owner);
    },
    find: async (runnerId) => known.get(runnerId) ?? (await touch(runnerId)),
    touch,
  };
}
