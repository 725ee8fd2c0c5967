import { setTimeout } from "node:timers/promises";
import { FaultTimes } from "../fault-times.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";

export const stoppedRunner: Scenario = {
  name: "stopped-runner",
  title:
    "SIGSTOP of each runner past its lease, then SIGCONT; runners cut off past it, then heard again",
  run: (context) => {
    const { runners, runnerProxies } = context.cluster;
    const seconds = ((runners.length + runnerProxies.length) * pastLeaseMs(context)) / 1000;
    // All the while, so that every runner holds something when it is stopped.
    const runs = Math.ceil(Math.max(context.runs, context.perSecond * seconds));
    return underLoad({ ...context, runs }, "stopped", () => stopEach(context));
  },
};

const pastLeaseMs = ({ cluster }: ScenarioContext) => cluster.leaseMs + 1_500;

async function stopEach(context: ScenarioContext): Promise<Injected> {
  const { runners, runnerProxies, database } = context.cluster;
  const times = new FaultTimes(database);
  for (const runner of runners) {
    await times.note();
    runner.freeze();
    await setTimeout(pastLeaseMs(context));
    runner.thaw();
  }
  // What was held back comes through at once: tasks whose lease is over, and results for it.
  for (const proxy of runnerProxies) {
    await times.note();
    proxy.set({ kind: "half-open" });
    await setTimeout(pastLeaseMs(context));
    proxy.set({ kind: "pass" });
  }
  const faults = runners.length + runnerProxies.length;
  return { faults, recoveriesMs: await times.recoveries(context.cluster) };
}
