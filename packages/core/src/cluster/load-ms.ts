import type { Held, LoadTimes, ReadyStep, Runner, WeightsRef } from "./cluster-types.ts";

/** Milliseconds until the weights could be on the runner's device, if it began now. */
export function loadMs(runner: Runner, ref: WeightsRef, nowMs: number): number {
  const held = runner.models.get(ref.hash) ?? runner.adapters.get(ref.hash);
  if (held?.onDevice === true) return 0;
  const { fromDiskMs, fromRamMs } = loadTimes(runner, ref);
  const inRamAtMs = held?.inRamAtMs ?? null;
  return inRamAtMs === null ? fromDiskMs : Math.max(0, inRamAtMs - nowMs) + fromRamMs;
}

/** Milliseconds of load before a step could begin on the runner; one load after the other. */
export function stepLoadMs(runner: Runner, step: ReadyStep, nowMs: number): number {
  return neededBy(step).reduce((total, ref) => total + loadMs(runner, ref, nowMs), 0);
}

/** When a runner that holds it could begin a step of it, ms. */
export function holderStartMs(runner: Runner, hash: string, held: Held): number {
  if (held.onDevice) return runner.freeAtMs;
  const { fromRamMs } = loadTimes(runner, { hash, sizeBytes: held.sizeBytes });
  return Math.max(runner.freeAtMs, held.inRamAtMs ?? runner.freeAtMs) + fromRamMs;
}

/** As measured on the runner, else by its measured rates. */
export function loadTimes(runner: Runner, { hash, sizeBytes }: WeightsRef): LoadTimes {
  return (
    runner.loadTimes.get(hash) ?? {
      fromDiskMs: sizeBytes * runner.diskMsPerByte,
      fromRamMs: sizeBytes * runner.ramMsPerByte,
    }
  );
}

/** What a step has to have on the device. */
export function neededBy(step: ReadyStep): readonly WeightsRef[] {
  return step.adapters.length === 0 ? step.weights : [...step.weights, ...step.adapters];
}

/** What the tasks that run have to have there. */
export function neededByRunning({ running }: Runner): WeightsRef[] {
  return running.flatMap(({ step }) => [...neededBy(step)]);
}
