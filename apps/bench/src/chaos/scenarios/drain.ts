import type { Database } from "@heddle/db";
import type { Load } from "../load.ts";
import type { Part, PartKind } from "../part.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";

/**
 * Milliseconds from SIGTERM to the end of the process: what `heddle up` gives each before it kills it. A runner takes
 * 8 s for the steps under way, and hands back what is not done by then.
 */
const drainMs: Readonly<Record<PartKind, number>> = {
  web: 5_000,
  orchestrator: 10_000,
  runner: 15_000,
};

/** Next ends in good order with 128 + 15, and says so to a shell. */
const inGoodOrder: readonly (number | null)[] = [0, 143];

export const rollingRestart: Scenario = {
  name: "rolling-restart",
  title: "SIGTERM and a new start of every process, one after another",
  run: (context) => underLoad(context, "rolling", (load) => restartEach(context, load)),
};

async function restartEach({ cluster }: ScenarioContext, load: Load): Promise<Injected> {
  const before = await countFailures(cluster.database);
  const slowest = new Map<PartKind, number>();
  const failures: string[] = [];
  let faults = 0;
  do {
    for (const part of cluster.parts) {
      const { kind, name } = part.spec;
      const { ms, exitCode } = await part.end(drainMs[kind]);
      if (!inGoodOrder.includes(exitCode))
        failures.push(`rolling-restart: the ${name} ended with ${exitCode}`);
      slowest.set(kind, Math.max(slowest.get(kind) ?? 0, ms));
      await startAgain(part);
      faults += 1;
    }
  } while (load.isSending());
  const counted = (await countFailures(cluster.database)) - before;
  if (counted > 0)
    failures.push(`rolling-restart: ${counted} attempts count as failures, but nothing failed`);
  const drained = [...slowest].map(([kind, ms]) => `${kind} ${(ms / 1000).toFixed(1)} s`);
  return {
    faults,
    failures,
    note: `ended within: ${drained.join(", ")}; steps given up: ${counted}`,
  };
}

async function startAgain(part: Part): Promise<void> {
  part.start();
  await part.serves();
}

/** Attempts that ended by a fault of the platform; a step that was handed back is none. */
async function countFailures(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    "SELECT coalesce(sum(infra_failures), 0)::int AS count FROM step",
  );
  return rows[0]?.count ?? 0;
}
