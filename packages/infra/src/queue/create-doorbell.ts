import { Queue, Worker, createPostgresBackend, withBackend } from "bullmq";
import type { Log } from "../log.ts";

export interface DoorbellOptions {
  readonly databaseUrl: string;
  /** `redis://…`; absent: BullMQ's tables live in the same Postgres. */
  readonly queueUrl?: string | undefined;
  readonly log: Log;
}

/**
 * BullMQ as the doorbell: a job carries a run's id and nothing else, and what to do is read from Postgres.
 * A ring that is lost (an empty Redis, a crash between commit and ring) only delays: the sweeper rings again.
 */
export interface Doorbell {
  /**
   * Wakes whoever advances this run. Of what was rung with a `place` the lowest is answered first, and what was rung
   * without before all of it: so the tenth run of one workspace does not wait for the ten-thousandth of another.
   */
  ring(runId: string, place?: number): Promise<void>;
  /** Calls `handler` for every ring; a handler that throws is rung again with back-off, five times. */
  answer(handler: (runId: string) => Promise<void>, concurrency: number): void;
  /** Throws with the reason when the queue cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** As far as BullMQ counts. */
const lastPlace = 2 ** 21;
const queueName = "heddle-runs";
const jobOptions = {
  attempts: 6,
  backoff: { type: "exponential", delay: 500, jitter: 1 },
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
};

interface Ring {
  readonly runId: string;
}

/** Opens the queue. Adds fail at once instead of hanging while the queue is away. */
export function createDoorbell(options: DoorbellOptions): Doorbell {
  const open =
    options.queueUrl === undefined
      ? openOnPostgres(options.databaseUrl)
      : openOnRedis(options.queueUrl);
  const { queue } = open;
  const workers: ReturnType<typeof open.work>[] = [];
  queue.on("error", (error: Error) =>
    options.log.warn({ err: error }, "the queue reports an error"),
  );
  return {
    ring: async (runId, place = 0) => {
      await queue.add("wake", { runId }, { ...jobOptions, priority: Math.min(place, lastPlace) });
    },
    answer: (handler, concurrency) => {
      const worker = open.work(handler, concurrency);
      worker.on("error", (error: Error) =>
        options.log.warn({ err: error }, "the queue worker reports an error"),
      );
      workers.push(worker);
    },
    check: async () => {
      await queue.getJobCounts("wait");
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await queue.close();
    },
  };
}

function openOnPostgres(databaseUrl: string) {
  const connection = { connectionString: databaseUrl, migrate: true, max: 4 };
  const classes = withBackend(createPostgresBackend);
  return {
    queue: new classes.Queue<Ring>(queueName, { connection }),
    work: (handler: (runId: string) => Promise<void>, concurrency: number) =>
      new classes.Worker<Ring>(queueName, (job) => handler(job.data.runId), {
        connection,
        concurrency,
      }),
  };
}

function openOnRedis(queueUrl: string) {
  const producer = { url: queueUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1 };
  const consumer = { url: queueUrl, maxRetriesPerRequest: null };
  return {
    queue: new Queue<Ring>(queueName, { connection: producer }),
    work: (handler: (runId: string) => Promise<void>, concurrency: number) =>
      new Worker<Ring>(queueName, (job) => handler(job.data.runId), {
        connection: consumer,
        concurrency,
      }),
  };
}
