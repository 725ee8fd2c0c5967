import { AppError, type Task } from "@heddle/core";
import { completeTasks, type Completion, type Database, type EngineOptions } from "@heddle/db";
import type { Log } from "@heddle/infra";
import type { Advancer } from "./advancer.ts";
import type { Dispatcher } from "./dispatcher.ts";

interface CompletionsOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly dispatcher: Dispatcher;
  readonly advancer: Advancer;
  readonly log: Log;
}

/** Commits what runners hand in. */
export interface Completions {
  /** Rejects when it is not known whether the result was taken: then it is to be sent again. */
  complete(runId: string, completion: Completion): Promise<Committed>;
  /** Resolves once nothing is being committed. */
  idle(): Promise<void>;
}

export interface Committed {
  /** False: the lease was lost. */
  readonly accepted: boolean;
  /** What the runner got in return, if it wished for something. */
  readonly next: Task | null;
}

interface Waiting {
  readonly completion: Completion;
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

/** Tasks of one run that are committed in one transaction at most. */
const batchSize = 64;

/**
 * Completions of one run are committed one transaction after another, since all of them lock the run; those that come
 * while one is under way share the next. So a wide run costs a commit per batch, and a narrow one waits for nobody.
 */
export function createCompletions(options: CompletionsOptions): Completions {
  const queues = new Map<string, Waiting[]>();
  const working = new Set<Promise<void>>();

  async function work(runId: string, queue: Waiting[]): Promise<void> {
    for (let batch = queue.splice(0, batchSize); batch.length > 0; batch = queue.splice(0, batchSize)) {
      await commit(runId, batch);
    }
    queues.delete(runId);
  }

  async function commit(runId: string, batch: readonly Waiting[]): Promise<void> {
    const completions = batch.map(({ completion }) => completion);
    try {
      const done = await completeTasks(options.database, { ...options.engine, runId, completions });
      if (done.dispatchable) options.dispatcher.wake();
      options.advancer.advanceLater(done.wake);
      for (const [index, { resolve }] of batch.entries()) {
        resolve({ accepted: done.accepted[index] ?? false, next: done.leased[index] ?? null });
      }
    } catch (error) {
      options.log.error({ err: error, runId, tasks: batch.length }, "completions could not be committed");
      // One that cannot be committed must not keep the others from it.
      if (batch.length > 1) for (const one of batch) await commit(runId, [one]);
      else batch[0]?.reject(new AppError("unavailable", "The result could not be committed; send it again", { cause: error }));
    }
  }

  return {
    complete: (runId, completion) =>
      new Promise((resolve, reject) => {
        const waiting = { completion, resolve, reject };
        const queue = queues.get(runId);
        if (queue !== undefined) {
          queue.push(waiting);
          return;
        }
        const started = [waiting];
        queues.set(runId, started);
        const task = work(runId, started).finally(() => working.delete(task));
        working.add(task);
      }),
    idle: async () => {
      await Promise.all(working);
    },
  };
}
