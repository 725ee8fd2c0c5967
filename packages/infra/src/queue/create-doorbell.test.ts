import { Client } from "pg";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { databaseUrl } from "../testing/database-url.ts";
import { hasRedis, startRedis, type TestRedis } from "../testing/start-redis.ts";
import { createDoorbell, type Doorbell } from "./create-doorbell.ts";

const log = createLog({ app: "test", level: "silent" });
const open: Doorbell[] = [];
let postgresUrl: string;
beforeAll(async () => {
  postgresUrl = await databaseUrl();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((doorbell) => doorbell.close()));
});

function openDoorbell(queueUrl?: string): Doorbell {
  const doorbell = createDoorbell({ databaseUrl: postgresUrl, queueUrl, log });
  open.push(doorbell);
  return doorbell;
}

/** Resolves with the rings once there are as many as expected. */
function collect(doorbell: Doorbell, count: number): Promise<string[]> {
  const rings: string[] = [];
  return new Promise((resolve) => {
    doorbell.answer(async (runId) => {
      rings.push(runId);
      if (rings.length === count) resolve(rings);
    }, 4);
  });
}

interface BackEnd {
  readonly queueUrl: () => string | undefined;
  /** Takes every ring that nobody has answered yet, as a queue does that keeps nothing. */
  readonly forget: () => Promise<void>;
}

function behavesAsDoorbell({ queueUrl, forget }: BackEnd) {
  it("wakes the one who answers, in another process or earlier than it", async () => {
    const ringing = openDoorbell(queueUrl());
    await ringing.ring("run_a");
    await ringing.ring("run_b");
    const rings = await collect(openDoorbell(queueUrl()), 2);
    expect(rings.toSorted()).toEqual(["run_a", "run_b"]);
  });

  it("rings again when the handler throws", async () => {
    const doorbell = openDoorbell(queueUrl());
    let tries = 0;
    const second = new Promise<void>((resolve) => {
      doorbell.answer(async () => {
        tries += 1;
        if (tries === 1) throw new Error("the database is restarting");
        resolve();
      }, 1);
    });
    await doorbell.ring("run_c");
    await second;
    expect(tries).toBe(2);
  });

  it("a ring during the handling of the same run is not swallowed", async () => {
    const doorbell = openDoorbell(queueUrl());
    let count = 0;
    const twice = new Promise<void>((resolve) => {
      doorbell.answer(async (runId) => {
        count += 1;
        if (count === 1) await doorbell.ring(runId);
        else resolve();
      }, 2);
    });
    await doorbell.ring("run_d");
    await twice;
    expect(count).toBe(2);
  });

  it("has lost its rings when the queue is emptied, and rings on", async () => {
    const ringing = openDoorbell(queueUrl());
    await ringing.ring("run_lost");
    await forget();
    const rings = collect(openDoorbell(queueUrl()), 1);
    await ringing.ring("run_after");
    expect(await rings).toEqual(["run_after"]);
  });

  it("wakes one who was answering when the queue was emptied", async () => {
    const [ringing, answering] = [openDoorbell(queueUrl()), openDoorbell(queueUrl())];
    const rings = collect(answering, 2);
    await ringing.ring("run_before");
    await forget();
    await rungUntilHeard(ringing, rings);
  });
}

/** A ring may be lost with the others while the queue is emptied. */
async function rungUntilHeard(doorbell: Doorbell, rings: Promise<string[]>): Promise<void> {
  let heard = false;
  void rings.then(() => (heard = true));
  await expect
    .poll(
      async () => {
        await doorbell.ring("run_again").catch(() => undefined);
        return heard;
      },
      { timeout: 30_000, interval: 200 },
    )
    .toBe(true);
}

describe("doorbell on Postgres", () => {
  behavesAsDoorbell({
    queueUrl: () => undefined,
    forget: async () => {
      const client = new Client({ connectionString: postgresUrl });
      await client.connect();
      await client.query("TRUNCATE bullmq.job CASCADE");
      await client.end();
    },
  });
});

describe.skipIf(!hasRedis)("doorbell on Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.kill();
  });
  behavesAsDoorbell({ queueUrl: () => redis.url, forget: () => redis.flush() });

  it("fails at once while Redis is away, and rings again when it is back, empty", async () => {
    const doorbell = openDoorbell(redis.url);
    const rings = collect(openDoorbell(redis.url), 1);
    await doorbell.check();
    await redis.kill();
    await expect(doorbell.ring("run_e")).rejects.toThrow(/connect|stream|closed/i);
    await redis.restart();
    await rungUntilHeard(doorbell, rings);
  });

  it("fails at once while Redis is full, and rings again when there is room", async () => {
    const doorbell = openDoorbell(redis.url);
    const rings = collect(openDoorbell(redis.url), 1);
    await doorbell.check();
    await redis.fill();
    await expect(doorbell.ring("run_g")).rejects.toThrow(/OOM|maxmemory/);
    await redis.room();
    await rungUntilHeard(doorbell, rings);
  });
});
