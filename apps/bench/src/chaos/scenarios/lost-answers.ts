import { setTimeout } from "node:timers/promises";
import type { Load } from "../load.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";
import type { TcpProxy } from "../tcp-proxy.ts";

/** Name of the engine's prepared COMMIT, as it goes over the wire. */
const commit = "commit\0";
/** Time for one answer to come by and be dropped; milliseconds. */
const waitMs = 1_500;

export const lostAnswers: Scenario = {
  name: "lost-answers",
  title: "done, then the answer is lost: COMMIT of web and engine, a result that is handed in",
  run: (context) => underLoad(context, "lost", (load) => dropAnswers(context, load)),
};

async function dropAnswers({ cluster }: ScenarioContext, load: Load): Promise<Injected> {
  const { webDatabase, engineDatabase, runnerProxies } = cluster;
  const places = [
    { name: "web's COMMIT", proxy: webDatabase, after: commit },
    { name: "engine's COMMIT", proxy: engineDatabase, after: commit },
    ...runnerProxies.map((proxy) => ({
      name: "runner's result",
      proxy,
      after: "/runner/v1/complete",
    })),
  ];
  const counts = new Map<string, number>();
  while (load.isSending()) {
    for (const { name, proxy, after } of places) {
      if (load.isSending())
        counts.set(name, (counts.get(name) ?? 0) + (await dropSome(proxy, after)));
    }
  }
  const faults = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const retried = load.accepted.filter(({ tries }) => tries > 1).length;
  return {
    faults,
    note: `${[...counts].map(([name, count]) => `${name} ${count}`).join(", ")}; ${retried} submits were sent again`,
    failures: faults > 0 ? [] : ["lost-answers: no answer was lost"],
  };
}

/** Resolves with the number of answers that were dropped. */
async function dropSome(proxy: TcpProxy, after: string): Promise<number> {
  const before = proxy.dropped();
  proxy.set({ kind: "drop-answer", after });
  const until = performance.now() + waitMs;
  while (proxy.dropped() === before && performance.now() < until) await setTimeout(10);
  proxy.set({ kind: "pass" });
  return proxy.dropped() - before;
}
