import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { post } from "../client.ts";
import { FaultTimes } from "../fault-times.ts";
import type { Load } from "../load.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";
import { tinyWorkflow } from "../workflow.ts";

export const postgresRestarts: Scenario = {
  name: "postgres",
  title: "Postgres restarted, fast and immediate",
  run: (context) => underLoad(context, "postgres", (load) => restart(context, load)),
};

async function restart({ cluster }: ScenarioContext, load: Load): Promise<Injected> {
  const times = new FaultTimes(cluster.database);
  let faults = 0;
  do {
    for (const how of ["fast", "immediate"] as const) {
      await setTimeout(1_000);
      await times.note();
      await cluster.postgres.restart(how);
      faults += 1;
    }
  } while (load.isSending());
  const retried = load.accepted.filter(({ tries }) => tries > 1).length;
  const note = `${retried} submits were sent again`;
  return { faults, recoveriesMs: await times.recoveries(cluster), note };
}

/** More than the web app has connections. */
const requestsAtOnce = 24;

export const poolExhausted: Scenario = {
  name: "pool",
  title: "every database connection of the web app is taken",
  run: (context) => underLoad({ ...context, runs: 1 }, "pool", () => exhaust(context)),
};

/** A lock on `run` holds every submit, and with it its connection, until those that wait for one give up. */
async function exhaust({ cluster }: ScenarioContext): Promise<Injected> {
  const client = new pg.Client({ connectionString: cluster.databaseUrl });
  await client.connect();
  await client.query("BEGIN");
  await client.query("LOCK TABLE run IN ACCESS EXCLUSIVE MODE");
  const posted = Array.from({ length: requestsAtOnce }, (_, index) =>
    post(cluster.webUrl, `pool-held-${index}`, {
      document: tinyWorkflow(cluster.photo, 359_000 + index),
    }),
  );
  const unlock = setTimeout(12_000).then(() => client.query("ROLLBACK"));
  const answers = await Promise.all(posted);
  await unlock;
  await client.end();
  const answered = answers.filter((answer) => typeof answer !== "string");
  const refused = answered.filter(({ status }) => status === 503);
  const wrong = answered.filter(
    ({ status, retryAfterSeconds }) =>
      status !== 202 && status !== 201 && !(status === 503 && retryAfterSeconds !== null),
  );
  return {
    faults: 1,
    note: `${refused.length} × 503 with Retry-After, ${answered.length - refused.length} accepted late`,
    failures: [
      ...(refused.length === 0 ? ["pool: no request was told to come again"] : []),
      ...wrong.map(({ status, body }) => `pool: answered ${status} ${JSON.stringify(body)}`),
      ...answers.flatMap((answer) => (typeof answer === "string" ? [`pool: ${answer}`] : [])),
    ],
  };
}
