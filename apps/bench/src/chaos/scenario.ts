import type { Cluster } from "./cluster.ts";
import { startLoad, type Load } from "./load.ts";
import { judge, untilOver, type Verdict } from "./verdict.ts";

export interface ScenarioContext {
  readonly cluster: Cluster;
  /** Runs that the scenario sends. */
  readonly runs: number;
  /** Runs that arrive in a second. */
  readonly perSecond: number;
  /** Uniform in [0, 1), seeded. */
  readonly random: () => number;
}

export interface Outcome extends Verdict {
  readonly runs: number;
  /** Faults that were injected. */
  readonly faults: number;
  /** From a fault to the end of each run that was under way; milliseconds. */
  readonly recoveriesMs: readonly number[];
  /** What else this scenario has to show, for people. */
  readonly note: string;
  /** What did not hold, beyond the verdict; empty: all did. */
  readonly failures: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** The fault, for the table. */
  readonly title: string;
  run(context: ScenarioContext): Promise<Outcome>;
}

export interface Injected {
  readonly faults: number;
  readonly recoveriesMs?: readonly number[];
  readonly note?: string;
  readonly failures?: readonly string[];
}

/** Sends runs, injects faults meanwhile, waits until all is over and judges in SQL. */
export async function underLoad(
  context: ScenarioContext,
  name: string,
  inject: (load: Load) => Promise<Injected>,
): Promise<Outcome> {
  const { cluster, runs, perSecond } = context;
  const load = startLoad(cluster, { runs, perSecond, name });
  const injected = await inject(load);
  await load.sent;
  return concludeWith(context, load, injected);
}

/** Waits until every run is over and judges in SQL. */
export async function concludeWith(
  { cluster }: ScenarioContext,
  { accepted, refused }: Pick<Load, "accepted" | "refused">,
  injected: Injected,
): Promise<Outcome> {
  const died = cluster.parts.filter(({ runs }) => !runs);
  for (const part of died) part.start();
  await untilOver(cluster.database, cluster.leaseMs + 60_000);
  const verdict = await judge(cluster.database, cluster.blobs, accepted);
  return {
    ...verdict,
    runs: accepted.length,
    faults: injected.faults,
    recoveriesMs: injected.recoveriesMs ?? [],
    note: injected.note ?? "",
    failures: [
      ...refused,
      ...(injected.failures ?? []),
      ...died.map(({ spec }) => `the ${spec.name} has ended by itself`),
    ],
  };
}
