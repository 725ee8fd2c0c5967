import { AppError, type Task } from "@heddle/core";
import { completeTasks, type Completion, type Database, type EngineOptions } from "@heddle/db";
import type { Log } from "@heddle/infra";
import type { Advancer } from "./advancer.ts";
import type { Dispatcher } from "./dispatch/dispatcher.ts";

export interface CompletionsOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly dispatcher: Dispatcher;
  readonly advancer: Advancer;
  readonly log: Log;
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
 * Commits what runners hand in. Completions of one run are committed one transaction after another, since all of them lock
 * the run; those that come while one is under way share the next. So a wide run costs a commit per batch, and a narrow one
 * waits for nobody.
 */
export class Completions {
  readonly #options: CompletionsOptions;
  /** By run; there while one of its transactions is under way. */
  readonly #queues = new Map<string, Waiting[]>();
  readonly #working = new Set<Promise<void>>();

  constructor(options: CompletionsOptions) {
    this.#options = options;
  }

  /** Rejects when it is not known whether the result was taken: then it is to be sent again. */
  complete(runId: string, completion: Completion): Promise<Committed> {
    return new Promise((resolve, reject) => {
      const waiting = { completion, resolve, reject };
      const queue = this.#queues.get(runId);
      if (queue !== undefined) queue.push(waiting);
      else this.#start(runId, [waiting]);
    });
  }

  /** Resolves once nothing is being committed. */
  async idle(): Promise<void> {
    await Promise.all(this.#working);
  }

  #start(runId: string, queue: Waiting[]): void {
    this.#queues.set(runId, queue);
    const task = this.#work(runId, queue).finally(() => this.#working.delete(task));
    this.#working.add(task);
  }

  async #work(runId: string, queue: Waiting[]): Promise<void> {
    for (
      let batch = queue.splice(0, batchSize);
      batch.length > 0;
      batch = queue.splice(0, batchSize)
    ) {
      await this.#commit(runId, batch);
    }
    this.#queues.delete(runId);
  }

  async #commit(runId: string, batch: readonly Waiting[]): Promise<void> {
    const { database, engine, dispatcher, advancer, log } = this.#options;
    try {
      const completions = batch.map(({ completion }) => completion);
      const next = dispatcher.reserve(runId, completions);
      const done = await completeTasks(database, { ...engine, runId, completions, next });
      database.reached("after-commit");
      dispatcher.hearNews(done.news);
      const isAsReserved = next.reserved.every(
        (id, index) => id === null || done.leased[index]?.taskId === id,
      );
      if (!isAsReserved || done.accepted.includes(false)) dispatcher.undo(runId);
      advancer.advanceLater(done.wake);
      for (const [index, { resolve }] of batch.entries()) {
        resolve({ accepted: done.accepted[index] ?? false, next: done.leased[index] ?? null });
      }
    } catch (error) {
      log.error({ err: error, runId, tasks: batch.length }, "completions could not be committed");
      dispatcher.undo(runId);
      // One that cannot be committed must not keep the others from it.
      if (batch.length > 1) for (const one of batch) await this.#commit(runId, [one]);
      else
        batch[0]?.reject(
          new AppError("unavailable", "The result could not be committed; send it again", {
            cause: error,
          }),
        );
    }
  }
}
