import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { houseTextToImage } from "@heddle/house-models";
import {
  BatchProfile,
  createHousePainter,
  createWeights,
  drawPreview,
  paint,
  type Painter,
  type PaintingRequest,
} from "@heddle/runner";
import type { BenchResult, Figure } from "./figure.ts";
import { createRequests, poissonGaps, randomAdapters } from "./serve/traffic.ts";

/** Pictures of one block; blocks of the kinds that are compared take turns. */
const blockSize = 8;
const rounds = 3;
const openLoopSize = 16;
/** Share of what one at a time can do. */
const load = 0.7;

type Serve = (request: PaintingRequest) => Promise<unknown>;

/**
 * The step engine against one request at a time, on the same networks: images a second when all wait at once, latency under
 * open-loop arrivals, with no LoRA, one, and sixteen; and what previews cost.
 */
export async function benchServe(): Promise<BenchResult> {
  const profile = new BatchProfile();
  const threads = availableParallelism();
  const painter = createHousePainter(threads, createWeights(), profile);
  await painter.load("noise");
  await painter.calibrate();
  const cap = painter.batchCap();
  const engine: Serve = (request) => paint(painter, request);
  const single = oneAtATime(painter);
  const [one, sixteen] = [randomAdapters(1), randomAdapters(16)];
  const sets = { none: createRequests(blockSize, []), one: createRequests(blockSize, one) };
  const mixed = createRequests(blockSize, sixteen);
  // The first use of a number of rows takes its memory.
  await block(engine, mixed);
  const rows = [];
  for (let round = 0; round < rounds; round += 1) {
    rows.push({
      noneEngine: await block(engine, sets.none),
      noneSingle: await block(single, sets.none),
      oneEngine: await block(engine, sets.one),
      mixedEngine: await block(engine, mixed),
      mixedSingle: await block(single, mixed),
    });
  }
  const perSecond = load * median(rows.map(({ noneSingle }) => noneSingle));
  const latency = await compareLatency({ engine, single }, perSecond);
  const preview = await measurePreviews(painter);
  await painter.close();
  return {
    figures: [...throughputFigures(rows), ...latency, ...preview, capFigure(cap)],
    table: `Text to image at 128², 8 steps, ${threads} threads: ${rounds} rounds of blocks of ${blockSize} that wait at once; open loop at ${load} of what one at a time can do.`,
  };
}

/** No scheduler: a request begins when the one before has its picture. */
function oneAtATime(painter: Painter): Serve {
  let turn: Promise<unknown> = Promise.resolve();
  const work = async (request: PaintingRequest) => {
    const painting = await painter.prepare(request);
    while (painting.stepsDone < painter.stepsOf(painting)) await painter.step([painting]);
    return painter.finish(painting);
  };
  return (request) => (turn = turn.then(() => work(request)));
}

/** Images a second. */
async function block(serve: Serve, requests: readonly PaintingRequest[]): Promise<number> {
  const before = performance.now();
  await Promise.all(requests.map(serve));
  return requests.length / ((performance.now() - before) / 1000);
}

type Row = Record<
  "noneEngine" | "noneSingle" | "oneEngine" | "mixedEngine" | "mixedSingle",
  number
>;

function throughputFigures(rows: readonly Row[]): Figure[] {
  const of = (pick: (row: Row) => number) => median(rows.map(pick));
  return [
    {
      name: "serve.images_per_s",
      value: of(({ noneEngine }) => noneEngine),
      unit: "1/s",
      baseline: of(({ noneSingle }) => noneSingle),
    },
    {
      name: "serve.batched_over_sequential_ratio",
      value: of(({ noneEngine, noneSingle }) => noneEngine / noneSingle),
      unit: "",
      baseline: 1,
      goal: 1,
    },
    {
      name: "serve.mixed_loras_images_per_s",
      value: of(({ mixedEngine }) => mixedEngine),
      unit: "1/s",
      baseline: of(({ mixedSingle }) => mixedSingle),
    },
    {
      name: "serve.mixed_over_single_lora_ratio",
      value: of(({ mixedEngine, oneEngine }) => mixedEngine / oneEngine),
      unit: "",
      baseline: 1,
      goal: 0.95,
    },
    {
      name: "serve.one_lora_over_none_ratio",
      value: of(({ oneEngine, noneEngine }) => oneEngine / noneEngine),
      unit: "",
      baseline: 1,
    },
  ];
}

interface Compared {
  readonly engine: Serve;
  readonly single: Serve;
}

/** The same arrivals for both, one after the other, twice. */
async function compareLatency({ engine, single }: Compared, perSecond: number): Promise<Figure[]> {
  const requests = createRequests(openLoopSize, []);
  const times: Record<keyof Compared, number[]> = { engine: [], single: [] };
  for (const seed of [1, 2]) {
    const gaps = poissonGaps(openLoopSize, perSecond, seed);
    times.single.push(...(await openLoop(single, requests, gaps)));
    times.engine.push(...(await openLoop(engine, requests, gaps)));
  }
  return [50, 95].map((percent) => ({
    name: `serve.open_loop_p${percent}_ms`,
    value: percentile(times.engine, percent),
    unit: "ms",
    baseline: percentile(times.single, percent),
  }));
}

/** Milliseconds from the arrival of each request to its picture; who arrives does not wait for who came before. */
async function openLoop(
  serve: Serve,
  requests: readonly PaintingRequest[],
  gaps: readonly number[],
): Promise<number[]> {
  const begun = performance.now();
  let dueMs = 0;
  const running: Promise<number>[] = [];
  for (const [at, request] of requests.entries()) {
    dueMs += gaps[at] ?? 0;
    await setTimeout(Math.max(0, begun + dueMs - performance.now()));
    // A run holds the event loop, so a request may be heard late; it has waited since it was due.
    const since = begun + dueMs;
    running.push(serve(request).then(() => performance.now() - since));
  }
  return Promise.all(running);
}

/** With and without, in turns; and how long the first takes to be there. */
async function measurePreviews(painter: Painter): Promise<Figure[]> {
  const [request] = createRequests(1, []);
  if (request === undefined) return [];
  const [costs, firsts]: [number[], number[]] = [[], []];
  for (let run = 0; run < 8; run += 1) {
    const without = await timed(() => paint(painter, request));
    const previews: Promise<number>[] = [];
    const before = performance.now();
    const withThem = await timed(() =>
      paint(painter, request, {
        onProgress: (done, _total, painting) => {
          if (done % 2 === 1)
            previews.push(
              drawPreview(painting, houseTextToImage).then(() => performance.now() - before),
            );
        },
      }),
    );
    const [first = 0] = await Promise.all(previews);
    costs.push((withThem / without - 1) * 100);
    firsts.push(first);
  }
  return [
    { name: "serve.preview_cost_pct", value: median(costs), unit: "%", goal: 3 },
    { name: "serve.first_preview_ms", value: median(firsts), unit: "ms", goal: 1000 },
  ];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function capFigure(cap: number): Figure {
  return { name: "serve.batch_cap", value: cap, unit: "" };
}

function median(values: readonly number[]): number {
  return percentile(values, 50);
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}
