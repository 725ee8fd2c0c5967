import { createPostgresBackend, withBackend } from "bullmq";

/** Raw BullMQ on the same Postgres: milliseconds from `add` to the news that the job is done, one job at a time. */
export async function measureBullmq(databaseUrl: string, jobs: number): Promise<number[]> {
  const connection = { connectionString: databaseUrl, migrate: true, max: 4 };
  const classes = withBackend(createPostgresBackend);
  const name = "bench-round-trip";
  const queue = new classes.Queue(name, { connection });
  const worker = new classes.Worker(name, async () => null, { connection });
  const events = new classes.QueueEvents(name, { connection });
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady(), events.waitUntilReady()]);
  const times: number[] = [];
  for (let index = 0; index < jobs; index += 1) {
    const before = performance.now();
    const job = await queue.add("noop", {}, { removeOnComplete: false });
    await job.waitUntilFinished(events);
    times.push(performance.now() - before);
  }
  await worker.close();
  await events.close();
  await queue.close();
  return times;
}
