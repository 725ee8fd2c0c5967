import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { StepTime } from "./choose-cap.ts";

export interface MeasureOptions {
  /** Numbers of rows, growing. */
  readonly sizes: readonly number[];
  /** Takes one step with so many rows. */
  readonly step: (rows: number) => Promise<void>;
  /** Whether nobody else wants the device now. */
  readonly isIdle: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

const repeats = 5;
const pauseMs = 200;
/** Who comes while a step is timed waits for its end, so none is to be longer. */
const longestStepMs = 1_000;

/**
 * Times a step at growing numbers of rows, in turns, since a machine is not equally fast all the time: the fastest of
 * five, after one that is not counted; others can only make a step slower. Gives way to whoever wants the device, and
 * leaves out sizes whose first step shows that the next would take too long.
 */
export async function measureSteps(options: MeasureOptions): Promise<StepTime[]> {
  const fastest = new Map<number, number>();
  for (const rows of options.sizes) {
    const ms = await timeStep(options, rows);
    fastest.set(rows, Infinity);
    if (2 * ms > longestStepMs) break;
  }
  for (let round = 0; round < repeats; round += 1) {
    for (const [rows, before] of fastest)
      fastest.set(rows, Math.min(before, await timeStep(options, rows)));
  }
  return [...fastest].map(([rows, ms]) => ({ rows, ms }));
}

async function timeStep({ step, isIdle, signal }: MeasureOptions, rows: number): Promise<number> {
  while (!isIdle()) await setTimeout(pauseMs, undefined, { signal });
  signal?.throwIfAborted();
  const before = performance.now();
  await step(rows);
  return performance.now() - before;
}
