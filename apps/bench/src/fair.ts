import type { BenchResult } from "./figure.ts";
import { chainDocument } from "./overhead/bench-catalog.ts";
import { startPlatform, type Platform } from "./overhead/platform.ts";
import { percentile } from "./serve/statistics.ts";

const slots = 4;
/** Of every step. */
const workMs = 100;
const crowdRuns = 10_000;
const fewRuns = 10;
const rounds = 8;
const equals = 8;
const equalRuns = 60;
/** Submits that are under way at once. */
const submitsAtOnce = 32;

/**
 * Workspaces that share a runner, through the real engine: one that has 10,000 runs queued beside one that has ten, and
 * several that all have more than can be done.
 */
export async function benchFair(): Promise<BenchResult> {
  const platform = await startPlatform({ slots });
  try {
    const names = ["crowd", "few", ...Array.from({ length: equals }, (_, at) => `equal${at}`)];
    for (const name of names) await makeWorkspace(platform, name);
    await runFew(platform, "warm");
    const alone: number[] = [];
    for (let round = 0; round < rounds; round += 1)
      alone.push(...(await runFew(platform, `alone${round}`)));
    const shares = await measureShares(platform);
    const crowd = await submitMany(platform, { workspace: "crowd", count: crowdRuns });
    const beside: number[] = [];
    for (let round = 0; round < rounds; round += 1)
      beside.push(...(await runFew(platform, `beside${round}`)));
    const left = await countWaiting(platform, "crowd");
    const [solo, shared] = [percentile(alone, 95), percentile(beside, 95)];
    return {
      figures: [
        { name: "fair.few_alone_p95_ms", value: solo, unit: "ms" },
        { name: "fair.few_beside_crowd_p95_ms", value: shared, unit: "ms", baseline: solo },
        { name: "fair.few_beside_crowd_ratio", value: shared / solo, unit: "×", goal: 1.5 },
        { name: "fair.jain_index", value: jain(shares), unit: "", goal: 0.95 },
        { name: "fair.crowd_left_runs", value: left, unit: "runs", baseline: crowd.length },
      ],
      table: [
        `A runner with ${slots} slots, and runs of one step of ${workMs} ms, through the whole engine.`,
        `few: ${fewRuns} runs at once, ${rounds} times one after the other, from submitting to the end of each run; alone, and`,
        `beside a workspace that has ${crowdRuns} runs queued (crowd_left_runs: how many still waited at the end).`,
        `jain: over the steps that ${equals} workspaces with ${equalRuns} runs each got until the first of them had none left.`,
      ].join("\n"),
    };
  } finally {
    await platform.close();
  }
}

async function makeWorkspace({ database }: Platform, name: string): Promise<void> {
  await database.prisma.workspace.create({ data: { id: `ws_${name}`, slug: name, name } });
}

/** Milliseconds from submitting to the end, of each run. */
async function runFew(platform: Platform, name: string): Promise<number[]> {
  const runIds = await submitMany(platform, { workspace: "few", count: fewRuns, name });
  for (;;) {
    const runs = await platform.database.prisma.run.findMany({
      where: { id: { in: runIds } },
      select: { createdAt: true, finishedAt: true },
    });
    const times = runs.flatMap(({ createdAt, finishedAt }) =>
      finishedAt === null ? [] : [finishedAt.getTime() - createdAt.getTime()],
    );
    if (times.length === fewRuns) return times;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

interface Batch {
  readonly workspace: string;
  readonly count: number;
  readonly name?: string;
}

/** Every run has a name of its own, so that nothing is reused. */
async function submitMany(
  platform: Platform,
  { workspace, count, name = workspace }: Batch,
): Promise<string[]> {
  const runIds: string[] = [];
  let next = 0;
  const submitOn = async () => {
    while (next < count) {
      const document = chainDocument(`${name}_${next++}`, 1, workMs);
      runIds.push(await platform.submit(document, `ws_${workspace}`));
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, submitsAtOnce) }, submitOn));
  return runIds;
}

/** Steps that each of the equal workspaces got, once one of them has all of its own. */
async function measureShares(platform: Platform): Promise<number[]> {
  const names = Array.from({ length: equals }, (_, at) => `equal${at}`);
  await Promise.all(
    names.map((name) => submitMany(platform, { workspace: name, count: equalRuns })),
  );
  for (;;) {
    const left = await Promise.all(names.map((name) => countWaiting(platform, name)));
    if (left.some((count) => count <= equalRuns / 4)) return left.map((count) => equalRuns - count);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function countWaiting({ database }: Platform, workspace: string): Promise<number> {
  return database.prisma.run.count({
    where: { workspaceId: `ws_${workspace}`, finishedAt: null },
  });
}

/** 1: all the same; 1/n: one has everything. (Jain, Chiu, Hawe 1984.) */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum ** 2 / (shares.length * shares.reduce((total, share) => total + share ** 2, 0));
}
