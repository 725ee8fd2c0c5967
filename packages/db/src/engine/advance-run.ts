import type { Database } from "../database.ts";
import { changeRun, type EngineOptions } from "./change-run.ts";
import { reuseOrQueue } from "./reuse-or-queue.ts";
import type { StepNews } from "./step-news.ts";
import { readIdle, readLive, remember, type RunWork } from "./run-work.ts";

export interface AdvanceRunOptions extends EngineOptions {
  readonly runId: string;
}

export interface Advanced {
  /** Of the steps for runners that were changed. */
  readonly news: readonly StepNews[];
  /** Other runs that waited for work that is over now: to be advanced. */
  readonly wake: readonly string[];
}

/**
 * Starts a run that was only submitted, and lets steps go on that waited for work in another run. Nothing happens when
 * there is nothing to do, so it may be called whenever the doorbell rings, however often.
 */
export async function advanceRun(
  database: Database,
  options: AdvanceRunOptions,
): Promise<Advanced> {
  const { wake, news } = await changeRun(database, options, {
    runId: options.runId,
    read: (tx) => readIdle(tx, options.runId),
    apply: advance,
    finish: async () => database.reached("mid-advance"),
    missing: undefined,
  });
  return { wake, news };
}

/** Lets everything go on that can; of a paused run nothing. */
export async function advance(work: RunWork): Promise<void> {
  if (work.run.status === "PAUSED") return;
  const untouched = [...work.steps.values()].some(({ status }) => status === "BLOCKED");
  if (untouched) await readWholeRun(work);
  const joined = [...work.steps.values()].filter((step) => step.status === "READY" && step.joined);
  const candidates = joined.flatMap((step) =>
    step.cacheKey === null ? [] : [{ step, prepared: null, cacheKey: step.cacheKey }],
  );
  if (candidates.length > 0) await reuseOrQueue(work, candidates);
}

/** A run that was only submitted: read once and whole, since any of it may be there already. */
async function readWholeRun(work: RunWork): Promise<void> {
  remember(work, await readLive(work.tx, work.run.id));
  const roots = [...work.steps.values()].filter(
    (step) => step.status === "BLOCKED" && step.depsRemaining === 0,
  );
  work.unblocked.push(...roots);
}
