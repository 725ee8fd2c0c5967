import { setTimeout } from "node:timers/promises";
import { FaultTimes } from "../fault-times.ts";
import type { Load } from "../load.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";
import type { ProxyMode } from "../tcp-proxy.ts";

/** How long each fault lasts; milliseconds. */
const faultMs = 1_000;
const modes: readonly ProxyMode[] = [
  { kind: "delay", ms: 100 },
  { kind: "reset" },
  { kind: "half-open" },
];

export const network: Scenario = {
  name: "network",
  title: "delay, reset, half-open between web, engine, Postgres and runners",
  run: (context) => underLoad(context, "network", (load) => disturb(context, load)),
};

async function disturb({ cluster }: ScenarioContext, load: Load): Promise<Injected> {
  const proxies = [cluster.webDatabase, cluster.engineDatabase, ...cluster.runnerProxies];
  const times = new FaultTimes(cluster.database);
  let faults = 0;
  do {
    for (const mode of modes) {
      for (const proxy of proxies) {
        await times.note();
        proxy.set(mode);
        await setTimeout(faultMs);
        proxy.set({ kind: "pass" });
        faults += 1;
      }
    }
  } while (load.isSending());
  return { faults, recoveriesMs: await times.recoveries(cluster) };
}
