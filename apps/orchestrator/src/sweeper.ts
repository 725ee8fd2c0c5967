import { sweep, type Database, type EngineOptions } from "@heddle/db";
import type { Log } from "@heddle/infra";
import type { Dispatcher } from "./dispatch/dispatcher.ts";
import { repeat, type Repeated } from "./repeat.ts";

interface SweeperOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly dispatcher: Dispatcher;
  readonly everyMs: number;
  readonly log: Log;
}

/** Sweeps again and again, one sweep at a time; errors are logged and the next one tries again. */
export function startSweeper(options: SweeperOptions): Repeated {
  return repeat(options.everyMs, async () => {
    try {
      const swept = await sweep(options.database, options.engine);
      const { expiredLeases, expiredRuns, advancedRuns, failures } = swept;
      for (const { runId, error } of failures)
        options.log.error({ err: error, runId }, "a run could not be swept");
      if (expiredLeases + expiredRuns + advancedRuns > 0) {
        options.log.info({ expiredLeases, expiredRuns, advancedRuns }, "swept");
      }
      options.dispatcher.hearNews(swept.news);
      options.dispatcher.tick();
    } catch (error) {
      options.log.warn({ err: error }, "the sweep failed");
    }
  });
}
