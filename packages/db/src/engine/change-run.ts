import { defaultLimits, type Catalog, type Limits, type RunStatus } from "@heddle/core";
import type { Database } from "../database.ts";
import { transaction, type Transaction } from "../transaction.ts";
import { openRunWork, type RunWork } from "./run-work.ts";
import { hasChanges, saveWork } from "./save-work.ts";
import { settle } from "./settle.ts";
import { listNews, type StepNews } from "./step-news.ts";
import type { WorkStep } from "./work-step.ts";

/** What the engine needs besides the database. */
export interface EngineOptions {
  readonly catalog: Catalog;
  readonly limits?: Limits | undefined;
}

export interface RunChange<Result> {
  readonly runId: string;
  /** Rows that the change is about, read after the lock in the same round trip. */
  readonly read: (tx: Transaction) => Promise<readonly WorkStep[]>;
  readonly apply: (work: RunWork) => Result | Promise<Result>;
  /** Once every consequence is known, before it is written. */
  readonly finish?: ((work: RunWork) => Promise<void>) | undefined;
  /** When there is no such run. */
  readonly missing: Result;
}

export interface ChangedRun<Result> {
  readonly result: Result;
  /** Runs that waited for work that is over now: to be advanced. */
  readonly wake: readonly string[];
  /** Of the steps for runners that were changed. */
  readonly news: readonly StepNews[];
  /** After the change; null when there is no such run. */
  readonly status: RunStatus | null;
}

/**
 * The one way to change a run that is under way: lock its row, read, change, follow every consequence, write, commit.
 * Three to four round trips, however much it is.
 */
export async function changeRun<Result>(
  database: Database,
  engine: EngineOptions,
  change: RunChange<Result>,
): Promise<ChangedRun<Result>> {
  const done = await transaction(database, async (tx) => {
    const { catalog, limits = defaultLimits } = engine;
    const { random, origin } = database;
    const options = { tx, runId: change.runId, catalog, limits, random, origin };
    const work = await openRunWork(options, change.read);
    if (work === null) return { result: change.missing, status: null, news: [], saved: null };
    const result = await change.apply(work);
    await settle(work);
    await change.finish?.(work);
    const saved = hasChanges(work) ? { waiting: saveWork(work) } : null;
    // Awaited below, once COMMIT is on its way too; when that fails, this has failed for the same reason.
    saved?.waiting.catch(() => {});
    return { result, status: work.run.status, news: listNews(work), saved };
  });
  const { saved, ...changed } = done;
  return { ...changed, wake: (await saved?.waiting) ?? [] };
}
