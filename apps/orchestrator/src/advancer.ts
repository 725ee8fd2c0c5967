import { advanceRun, type Database, type EngineOptions } from "@heddle/db";
import type { Log } from "@heddle/infra";
import type { Dispatcher } from "./dispatch/dispatcher.ts";
import type { RunTraces } from "./run-traces.ts";

interface AdvancerOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly dispatcher: Dispatcher;
  readonly traces: RunTraces;
  readonly log: Log;
}

/** Starts submitted runs, and lets those go on that waited for the work of another run. */
export interface Advancer {
  advance(runId: string): Promise<void>;
  /** Does not wait; what fails is left to the sweeper. */
  advanceLater(runIds: readonly string[]): void;
}

export function createAdvancer(options: AdvancerOptions): Advancer {
  const { database, engine, dispatcher, traces, log } = options;
  async function advance(first: string): Promise<void> {
    // A set may grow while it is walked: what ends in one run may wake others.
    const runIds = new Set([first]);
    for (const runId of runIds) {
      await traces.inRun("advance run", runId, async () => {
        const { wake, news } = await advanceRun(database, { ...engine, runId });
        dispatcher.hearNews(news);
        for (const other of wake) runIds.add(other);
      });
    }
  }
  return {
    advance,
    advanceLater: (runIds) => {
      for (const runId of runIds) {
        advance(runId).catch((error: unknown) =>
          log.warn({ err: error, runId }, "a run could not be advanced"),
        );
      }
    },
  };
}
