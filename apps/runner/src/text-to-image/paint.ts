import { setImmediate } from "node:timers/promises";
import type { Painter } from "./create-painter.ts";
import { stepsOf, type PaintingRequest, type RgbPixels } from "./painting.ts";

export interface PaintOptions {
  /** Called after each step with the number of steps done and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Heard between steps; the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Paints one picture from beginning to end. Gives the event loop a turn between steps, since a run of a network holds it. */
export async function paint(
  painter: Painter,
  request: PaintingRequest,
  { onProgress, signal }: PaintOptions = {},
): Promise<RgbPixels> {
  const painting = await painter.prepare(request);
  const total = stepsOf(painting);
  while (painting.stepsDone < total) {
    await setImmediate();
    signal?.throwIfAborted();
    await painter.step([painting]);
    onProgress?.(painting.stepsDone, total);
  }
  await setImmediate();
  signal?.throwIfAborted();
  return painter.finish(painting);
}
