import { availableParallelism } from "node:os";
import {
  BatchProfile,
  createHousePainter,
  createWeights,
  paint,
  type Painter,
  type PaintingRequest,
} from "@heddle/runner";
import type { BenchResult, Figure } from "./figure.ts";
import { measureBursts, type Ways } from "./serve/bursts.ts";
import { openLoop } from "./serve/open-loop.ts";
import { measurePreviews } from "./serve/previews.ts";
import { machineUse, othersSharePercent } from "./serve/machine-use.ts";
import { measureSideBySide } from "./serve/side-by-side.ts";
import { median, percentile } from "./serve/statistics.ts";
import { createRequests, poissonGaps, randomAdapters, stepsOfRequests } from "./serve/traffic.ts";

/** Pictures of one block; blocks of the kinds that are compared take turns. */
const blockSize = 24;
const rounds = 4;
const openLoopSize = 24;
/** Share of what one at a time can do. */
const load = 0.7;

type Serve = (request: PaintingRequest) => Promise<unknown>;
type PaintingWays = Ways<PaintingRequest>;

type Sets = Readonly<Record<"none" | "one" | "mixed", readonly PaintingRequest[]>>;

/**
 * The step engine against one request at a time, on the same networks: images a second when all wait at once, latency under
 * open-loop arrivals, with no LoRA, one, and sixteen; what two pictures side by side gain; and what previews cost.
 */
export async function benchServe(): Promise<BenchResult> {
  const threads = availableParallelism();
  const painter = createHousePainter(threads, createWeights(), new BatchProfile());
  await painter.load("noise");
  await painter.calibrate();
  const before = machineUse();
  const ways = { engine: (request: PaintingRequest) => paint(painter, request), ...plain(painter) };
  const full = await measureSideBySide(painter);
  const preview = await measurePreviews(painter);
  const sets: Sets = {
    none: createRequests(blockSize, []),
    one: createRequests(blockSize, randomAdapters(1)),
    mixed: createRequests(blockSize, randomAdapters(16)),
  };
  const rows = await takeTurns(ways, sets);
  const latency = await compareLatency(
    ways,
    sets,
    load * median(rows.map((row) => row.single.perSecond)),
  );
  const bursts = await measureBursts(ways, sets.none);
  const others = othersSharePercent(before, machineUse());
  const caps = [2, 4, 8, 24].map((waiting) => `${painter.batchCap(waiting)} for ${waiting}`);
  await painter.close();
  return {
    figures: [
      ...throughputFigures(rows),
      ...full,
      ...bursts,
      ...latency,
      ...preview,
      { name: "serve.others_share_pct", value: others, unit: "%" },
    ],
    table: [
      `Text to image at 128², ${stepsOfRequests} steps, ${threads} threads: ${rounds} rounds of blocks of ${blockSize} that wait at once;`,
      `open loop at ${load} of what one at a time can do, ${openLoopSize} requests, twice; sixteen LoRAs by Zipf 0.92.`,
      `Baselines are one request at a time. Rows of a step by how many wait: ${caps.join(", ")}.`,
    ].join("\n"),
  };
}

/** No scheduler: a request begins when the one before has its picture. */
function plain(painter: Painter): { readonly single: Serve } {
  let turn: Promise<unknown> = Promise.resolve();
  const work = async (request: PaintingRequest) => {
    const painting = await painter.prepare(request);
    while (painting.stepsDone < painter.stepsOf(painting)) await painter.step([painting]);
    return painter.finish(painting);
  };
  return { single: (request) => (turn = turn.then(() => work(request))) };
}

/** What serving some requests came to. */
interface Block {
  /** Images. */
  readonly perSecond: number;
  /** Processor time of an image, milliseconds on all cores. */
  readonly cpuMs: number;
}

async function block(serve: Serve, requests: readonly PaintingRequest[]): Promise<Block> {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  await Promise.all(requests.map(serve));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: requests.length / ((performance.now() - before) / 1000),
    cpuMs: (user + system) / 1000 / requests.length,
  };
}

type Row = Record<"engine" | "single" | "one" | "mixed" | "mixedSingle", Block>;

async function takeTurns(
  { engine, single }: PaintingWays,
  { none, one, mixed }: Sets,
): Promise<Row[]> {
  const rows = [];
  for (let round = 0; round < rounds; round += 1) {
    rows.push({
      engine: await block(engine, none),
      single: await block(single, none),
      one: await block(engine, one),
      mixed: await block(engine, mixed),
      mixedSingle: await block(single, mixed),
    });
  }
  return rows;
}

function throughputFigures(rows: readonly Row[]): Figure[] {
  const of = (pick: (row: Row) => number) => median(rows.map(pick));
  const speed = (name: string, way: keyof Row, plainWay: keyof Row): Figure => ({
    name: `serve.${name}_per_s`,
    value: of((row) => row[way].perSecond),
    unit: "1/s",
    baseline: of((row) => row[plainWay].perSecond),
  });
  const cpu = (name: string, way: keyof Row, plainWay: keyof Row): Figure => ({
    name: `serve.${name}_cpu_ms`,
    value: of((row) => row[way].cpuMs),
    unit: "ms",
    baseline: of((row) => row[plainWay].cpuMs),
  });
  const ratio = (name: string, ways: readonly [keyof Row, keyof Row], goal: number): Figure => {
    const value = of((row) => row[ways[0]].perSecond / row[ways[1]].perSecond);
    return { name: `serve.${name}_ratio`, value, unit: "", baseline: 1, goal };
  };
  return [
    speed("images", "engine", "single"),
    speed("mixed_loras_images", "mixed", "mixedSingle"),
    cpu("image", "engine", "single"),
    cpu("mixed_loras_image", "mixed", "mixedSingle"),
    ratio("batched_over_sequential", ["engine", "single"], 1),
    ratio("mixed_batched_over_sequential", ["mixed", "mixedSingle"], 1),
    ratio("mixed_over_single_lora", ["mixed", "one"], 0.95),
  ];
}

/** The same arrivals for both ways, one after the other, twice, for each set. */
async function compareLatency(
  ways: PaintingWays,
  sets: Sets,
  perSecond: number,
): Promise<Figure[]> {
  const names = { none: "", one: "one_lora_", mixed: "mixed_loras_" } as const;
  const figures: Figure[] = [];
  for (const set of ["none", "one", "mixed"] as const) {
    const times: Record<keyof PaintingWays, number[]> = { engine: [], single: [] };
    for (const seed of [1, 2]) {
      const gaps = poissonGaps(openLoopSize, perSecond, seed);
      for (const way of ["single", "engine"] as const)
        times[way].push(...(await openLoop(ways[way], sets[set], gaps)));
    }
    for (const percent of [50, 95])
      figures.push({
        name: `serve.${names[set]}p${percent}_ms`,
        value: percentile(times.engine, percent),
        unit: "ms",
        baseline: percentile(times.single, percent),
      });
  }
  return figures;
}
