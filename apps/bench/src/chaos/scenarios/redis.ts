import { setTimeout } from "node:timers/promises";
import type { Load } from "../load.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";

const awayMs = 1_000;

export const redisFaults: Scenario = {
  name: "redis",
  title: "Redis: FLUSHALL, full, killed and restarted empty",
  run: (context) => underLoad(context, "redis", (load) => faultAfterFault(context, load)),
};

async function faultAfterFault({ cluster }: ScenarioContext, load: Load): Promise<Injected> {
  const { redis } = cluster;
  let faults = 0;
  do {
    await redis.flush();
    await setTimeout(awayMs);
    await redis.fill();
    await setTimeout(awayMs);
    await redis.room();
    await redis.kill();
    await setTimeout(awayMs);
    await redis.restart();
    await setTimeout(awayMs);
    faults += 3;
  } while (load.isSending());
  const retried = load.accepted.filter(({ tries }) => tries > 1);
  return {
    faults,
    note: `${load.accepted.length - retried.length} submits accepted at once`,
    failures: retried.map(({ key, tries }) => `redis: ${key} took ${tries} requests`),
  };
}
