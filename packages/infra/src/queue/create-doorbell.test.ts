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

function behavesAsDoorbell(url: () => string | undefined) {
  it("wakes the one who answers, in another process or earlier than it", async () => {
    const ringing = openDoorbell(url());
    await ringing.ring("run_a");
    await ringing.ring("run_b");
    const rings = await collect(openDoorbell(url()), 2);
    expect(rings.toSorted()).toEqual(["run_a", "run_b"]);
  });

  it("rings again when the handler throws", async () => {
    const doorbell = openDoorbell(url());
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
    const doorbell = openDoorbell(url());
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
}

describe("doorbell on Postgres", () => {
  behavesAsDoorbell(() => undefined);
});

describe.skipIf(!hasRedis)("doorbell on Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    return () => redis.kill();
  });
  behavesAsDoorbell(() => redis.url);

  it("fails at once while Redis is away, and rings again when it is back, empty", async () => {
    const doorbell = openDoorbell(redis.url);
    await doorbell.check();
    await redis.kill();
    await expect(doorbell.ring("run_e")).rejects.toThrow(/connect|stream|closed/i);
    await redis.restart();
    const rings = collect(openDoorbell(redis.url), 1);
    await expect
      .poll(
        () =>
          doorbell.ring("run_f").then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    expect(await rings).toContain("run_f");
  });
});
