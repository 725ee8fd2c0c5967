import pg from "pg";
import type { BenchResult, Figure } from "./figure.ts";
import { chainDocument, wideDocument } from "./overhead/bench-catalog.ts";
import { measureBullmq } from "./overhead/bullmq-round-trip.ts";
import type { Mark } from "./overhead/part.ts";
import { startPlatform, type Platform } from "./overhead/platform.ts";

const slots = 16;
const chainLength = 100;
const chains = 5;
const wideWidth = 2_000;
const manyChains = 16;

/**
 * What the engine itself takes: no-op nodes through a real orchestrator and a real runner (each a process of its own, over
 * HTTP) on a private, durable Postgres (`synchronous_commit` on), all on this machine. Beside it, in the same run and on
 * the same database, BullMQ's own round trip and one bare committed write.
 */
export async function benchOverhead(): Promise<BenchResult> {
  const platform = await startPlatform({ slots });
  try {
    // A server that has run for a while: code compiled, connections open, plans made.
    await runChains(platform, "warm", { chains: 8, length: 100 });
    await platform.readMarks();
    const latencies = await measureLatencies(platform);
    const wide = await measureWide(platform);
    const many = await measureMany(platform);
    return { figures: figuresOf({ ...latencies, wide, many }), table: tableText };
  } finally {
    await platform.close();
  }
}

const tableText = [
  "No-op nodes through the whole engine. Postgres, orchestrator and runner are processes of their own on this machine;",
  "every node is a lease and a commit in Postgres (fsync on) and two messages over HTTP.",
  `ready→start: from READY (the moment in the database, before its commit) until the op begins, in ${chains} chains of ${chainLength}, one after the other, in turns with the baseline and the floor.`,
  "node→node: from the end of an op until the op of the next node begins, in the same chains.",
  `nodes/s: one run of ${wideWidth} nodes side by side, and ${manyChains} chains of ${chainLength} at once, ${slots} slots.`,
  "baseline: BullMQ's add → completed on the same Postgres. floor: one bare committed write to it.",
].join("\n");

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

interface Measured {
  readonly floor: Percentiles;
  readonly bullmq: Percentiles;
  readonly readyToStart: Percentiles;
  readonly nodeToNode: Percentiles;
  readonly wide: number;
  readonly many: number;
}

function figuresOf(measured: Measured): Figure[] {
  const { floor, bullmq, readyToStart, nodeToNode, wide, many } = measured;
  const besides = { unit: "ms", baseline: bullmq.p50, floor: floor.p50 };
  const tail = { unit: "ms", baseline: bullmq.p99, floor: floor.p99 };
  return [
    { name: "overhead.ready_to_start_p50_ms", value: readyToStart.p50, ...besides, goal: 2 },
    { name: "overhead.ready_to_start_p99_ms", value: readyToStart.p99, ...tail, goal: 10 },
    { name: "overhead.node_to_node_p50_ms", value: nodeToNode.p50, ...besides, goal: 3 },
    { name: "overhead.node_to_node_p99_ms", value: nodeToNode.p99, ...tail },
    { name: "overhead.nodes_per_s", value: wide, unit: "nodes/s", goal: 1_000 },
    { name: "overhead.chained_nodes_per_s", value: many, unit: "nodes/s" },
    { name: "overhead.bullmq_round_trip_p50_ms", value: bullmq.p50, unit: "ms" },
    { name: "overhead.commit_p50_ms", value: floor.p50, unit: "ms" },
  ];
}

/** In turns, so that a machine that is busy now and then is so for all of them. */
async function measureLatencies(platform: Platform): Promise<Omit<Measured, "wide" | "many">> {
  const times = { floor: [], bullmq: [], readyToStart: [], nodeToNode: [] } as Record<
    Latency,
    number[]
  >;
  for (let round = 0; round < chains; round += 1) {
    times.floor.push(...(await measureCommit(platform.databaseUrl, chainLength)));
    times.bullmq.push(...(await measureBullmq(platform.databaseUrl, chainLength)));
    const { toStart, toNext } = await measureChain(platform, `alone${round}`);
    times.readyToStart.push(...toStart);
    times.nodeToNode.push(...toNext);
  }
  return {
    floor: percentiles(times.floor),
    bullmq: percentiles(times.bullmq),
    readyToStart: percentiles(times.readyToStart),
    nodeToNode: percentiles(times.nodeToNode),
  };
}

type Latency = "floor" | "bullmq" | "readyToStart" | "nodeToNode";

async function measureChain(
  platform: Platform,
  name: string,
): Promise<{ toStart: number[]; toNext: number[] }> {
  const runId = await platform.submit(chainDocument(name, chainLength));
  await platform.finish([runId]);
  const marks = inOrder(await platform.readMarks(), name);
  const ready = await readReadyTimes(platform.databaseUrl, runId);
  const toStart: number[] = [];
  const toNext: number[] = [];
  for (const [index, mark] of marks.entries()) {
    const readyAt = ready.get(`n${index}`);
    if (readyAt !== undefined) toStart.push(mark.from - readyAt);
    const before = marks[index - 1];
    if (before !== undefined) toNext.push(mark.from - before.to);
  }
  return { toStart, toNext };
}

function inOrder(marks: readonly Mark[], name: string): Mark[] {
  return marks
    .filter(({ runId }) => runId === name)
    .toSorted((left, right) => left.from - right.from);
}

async function measureWide(platform: Platform): Promise<number> {
  const runId = await platform.submit(wideDocument("wide", wideWidth));
  await platform.finish([runId]);
  return rateOf(await platform.readMarks());
}

async function measureMany(platform: Platform): Promise<number> {
  await runChains(platform, "many", { chains: manyChains, length: chainLength });
  return rateOf(await platform.readMarks());
}

async function runChains(
  platform: Platform,
  name: string,
  { chains: count, length }: { readonly chains: number; readonly length: number },
): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${name}${index}`);
  await platform.finish(
    await Promise.all(names.map((own) => platform.submit(chainDocument(own, length)))),
  );
}

/** Nodes per second, from the first that began to the last that ended. */
function rateOf(marks: readonly Mark[]): number {
  const from = Math.min(...marks.map((mark) => mark.from));
  const to = Math.max(...marks.map((mark) => mark.to));
  return (1_000 * marks.length) / (to - from);
}

async function readReadyTimes(
  databaseUrl: string,
  runId: string,
): Promise<ReadonlyMap<string, number>> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ step_id: string; ready_at: number }>(
      "SELECT step_id, (extract(epoch FROM ready_at) * 1000)::float8 AS ready_at FROM step WHERE run_id = $1",
      [runId],
    );
    return new Map(rows.map((row) => [row.step_id, row.ready_at]));
  });
}

/** The least that anything durable costs: one small write and its commit. */
async function measureCommit(databaseUrl: string, writes: number): Promise<number[]> {
  return withClient(databaseUrl, async (client) => {
    await client.query("CREATE TABLE IF NOT EXISTS bench_commit (id int PRIMARY KEY, n int)");
    await client.query("INSERT INTO bench_commit VALUES (1, 0) ON CONFLICT DO NOTHING");
    const times: number[] = [];
    for (let index = 0; index < writes; index += 1) {
      const before = performance.now();
      await client.query({
        name: "bench_commit",
        text: "UPDATE bench_commit SET n = n + 1 WHERE id = 1",
      });
      times.push(performance.now() - before);
    }
    return times;
  });
}

async function withClient<Result>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
