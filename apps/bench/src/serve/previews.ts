import { houseTextToImage } from "@heddle/house-models";
import { paint, previewPainting, type Painter } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { median } from "./statistics.ts";
import { createRequests } from "./traffic.ts";

const pairs = 24;

/** Milliseconds. */
interface Cost {
  readonly wall: number;
  /** Of all threads. */
  readonly cpu: number;
}

/** With and without, in turns, by turns first; and how long the first preview takes to be there. */
export async function measurePreviews(painter: Painter): Promise<Figure[]> {
  const [walls, cpus, firsts]: [number[], number[], number[]] = [[], [], []];
  for (const [pair, request] of createRequests(pairs, []).entries()) {
    const long = { ...request, steps: houseTextToImage.sampler.steps.default };
    const without = () => timed(() => paint(painter, long));
    const withThem = () => timed(() => paintWithPreviews(painter, long, firsts));
    const first = pair % 2 === 0 ? await without() : await withThem();
    const second = pair % 2 === 0 ? await withThem() : await without();
    const [plain, shown] = pair % 2 === 0 ? [first, second] : [second, first];
    walls.push((shown.wall / plain.wall - 1) * 100);
    cpus.push((shown.cpu / plain.cpu - 1) * 100);
  }
  return [
    { name: "serve.preview_cost_pct", value: median(walls), unit: "%", goal: 3 },
    { name: "serve.preview_cpu_cost_pct", value: median(cpus), unit: "%", goal: 3 },
    { name: "serve.first_preview_ms", value: median(firsts), unit: "ms", goal: 1000 },
  ];
}

/** As the ops draw them. `firsts` gains the milliseconds until the first is there. */
async function paintWithPreviews(
  painter: Painter,
  request: Parameters<typeof paint>[1],
  firsts: number[],
): Promise<void> {
  const before = performance.now();
  let isFirst = true;
  const onProgress = previewPainting(() => {
    if (isFirst) firsts.push(performance.now() - before);
    isFirst = false;
  });
  await paint(painter, request, { onProgress });
}

async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const before = performance.now();
  const cpuBefore = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  return { wall: performance.now() - before, cpu: (user + system) / 1000 };
}
