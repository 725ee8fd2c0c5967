import { setTimeout } from "node:timers/promises";
import type { CrashPoint } from "@heddle/core";
import type { Cluster } from "../cluster.ts";
import type { Load } from "../load.ts";
import type { Part } from "../part.ts";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";
import { FaultTimes } from "../fault-times.ts";

/** A part and where it dies; null: at a random moment. */
interface Kill {
  readonly part: Part;
  readonly point: CrashPoint | null;
}

/** A process that is armed and comes by its point nowhere is killed all the same. Milliseconds. */
const armedMs = 10_000;
/** Between two kills, at random; milliseconds. */
const pause = { least: 300, most: 1_500 };

export const kills: Scenario = {
  name: "kills",
  title: "kill -9 of web, orchestrator, runner, at each crash point and at random",
  run: (context) => underLoad(context, "kills", (load) => killAll(context, load)),
};

/** Goes on, through every part and point in a new order each time, for as long as runs arrive. */
async function killAll({ cluster, random }: ScenarioContext, load: Load): Promise<Injected> {
  const times = new FaultTimes(cluster.database);
  const counts = new Map<string, number>();
  while (load.isSending()) {
    for (const kill of shuffle(everyKill(cluster), random)) {
      if (!load.isSending()) break;
      const where = await strike(kill, times);
      counts.set(where, (counts.get(where) ?? 0) + 1);
      await setTimeout(pause.least + random() * (pause.most - pause.least));
    }
  }
  await Promise.all(cluster.parts.map((part) => part.serves()));
  const faults = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { faults, recoveriesMs: await times.recoveries(cluster), note: describe(counts) };
}

function everyKill({ web, orchestrators, runners }: Cluster): Kill[] {
  const at = (parts: readonly Part[], points: readonly (CrashPoint | null)[]) =>
    parts.flatMap((part) => points.map((point) => ({ part, point })));
  return [
    ...at([web], ["mid-submit", null]),
    ...at(orchestrators, ["mid-advance", "after-claim", "after-commit", null]),
    ...at(runners, ["after-blob", null]),
  ];
}

/** Kills and starts again. Resolves with what died where. */
async function strike({ part, point }: Kill, times: FaultTimes): Promise<string> {
  const { kind } = part.spec;
  await times.note();
  await part.kill();
  if (point === null) {
    part.start();
    return `${kind} at random`;
  }
  part.start(point);
  const came = await part.ended(armedMs);
  await times.note();
  await part.kill();
  part.start();
  return came ? `${kind} ${point}` : `${kind} at random`;
}

function describe(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([where, count]) => `${where} ${count}`)
    .join(", ");
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
