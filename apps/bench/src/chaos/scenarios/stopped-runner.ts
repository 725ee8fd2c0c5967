import { setTimeout } from "node:timers/promises";
import { FaultTimes } from "../fault-times.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";

export const stoppedRunner: Scenario = {
  name: "stopped-runner",
  title: "SIGSTOP of each runner past its lease, then SIGCONT",
  run: (context) => underLoad(context, "stopped", () => stopEach(context)),
};

async function stopEach({ cluster }: ScenarioContext): Promise<Injected> {
  const times = new FaultTimes(cluster.database);
  for (const runner of cluster.runners) {
    await times.note();
    runner.freeze();
    await setTimeout(cluster.leaseMs + 1_500);
    runner.thaw();
  }
  return { faults: cluster.runners.length, recoveriesMs: await times.recoveries(cluster) };
}
