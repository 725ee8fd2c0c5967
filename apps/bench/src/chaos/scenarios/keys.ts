import type { Accepted } from "../client.ts";
import { post, submit } from "../client.ts";
import { concludeWith, type Outcome, type Scenario, type ScenarioContext } from "../scenario.ts";
import { tinyWorkflow } from "../workflow.ts";

const submitsPerKey = 10;
/** Beyond every number that a load has used. */
const firstNumber = 200_000;

export const keys: Scenario = {
  name: "keys",
  title: `one key in ${submitsPerKey} parallel submits each, then with another body`,
  run: submitKeys,
};

async function submitKeys(context: ScenarioContext): Promise<Outcome> {
  const { cluster, runs } = context;
  const accepted: Accepted[] = [];
  const failures: string[] = [];
  for (let number = 0; number < runs; number += 1) {
    const key = `keys-${number}`;
    const document = tinyWorkflow(cluster.photo, firstNumber + number);
    const same = await Promise.all(
      Array.from({ length: submitsPerKey }, () => submit(cluster.webUrl, { key, document })),
    );
    accepted.push(...same.slice(0, 1));
    if (new Set(same.map(({ runId }) => runId)).size !== 1)
      failures.push(`keys: ${key} made more than one run`);
    const other = tinyWorkflow(cluster.photo, firstNumber - 1 - number);
    const refused = await post(cluster.webUrl, key, { document: other });
    if (typeof refused === "string" || refused.status !== 422)
      failures.push(`keys: ${key} with another body was not refused with 422`);
  }
  const note = `${runs * submitsPerKey} submits; every other body 422`;
  return concludeWith(context, { accepted, refused: [] }, { faults: runs, note, failures });
}
