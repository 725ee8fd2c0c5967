import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { StepTime } from "./choose-cap.ts";

export interface MeasureOptions {
  /** Takes one step with so many rows. */
  readonly step: (rows: number) => Promise<void>;
  /** Whether nobody else wants the device now. */
  readonly isIdle: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

const sizes = [1, 2, 4, 8];
const repeats = 3;
const pauseMs = 200;

/**
 * Times a step at growing numbers of rows: the median of three, after one that is not counted. Gives way to whoever wants
 * the device, and stops growing once a step is slower a row than at half of its size.
 */
export async function measureSteps(options: MeasureOptions): Promise<StepTime[]> {
  const times: StepTime[] = [];
  for (const rows of sizes) {
    const measured = [];
    for (let run = 0; run <= repeats; run += 1) measured.push(await timeStep(options, rows));
    const ms = measured.slice(1).toSorted((first, second) => first - second)[1] ?? Infinity;
    const before = times.at(-1);
    times.push({ rows, ms });
    if (before !== undefined && ms / rows > before.ms / before.rows) break;
  }
  return times;
}

async function timeStep({ step, isIdle, signal }: MeasureOptions, rows: number): Promise<number> {
  while (!isIdle()) await setTimeout(pauseMs, undefined, { signal });
  signal?.throwIfAborted();
  const before = performance.now();
  await step(rows);
  return performance.now() - before;
}
