import type { JoinOptions } from "../engine/batcher.ts";
import type { Painter } from "./create-painter.ts";
import { stepsOf } from "../engine/flow-state.ts";
import { type Painting, type PaintingRequest, type RgbPixels } from "./painting.ts";

export interface PaintOptions extends Omit<JoinOptions<Painting>, "onStep"> {
  /** Called after each step with the number of steps done and the number of all. */
  readonly onProgress?: ((done: number, total: number, painting: Painting) => void) | undefined;
}

/** Paints one picture from beginning to end, together with whoever paints at the same time. */
export function paint(
  painter: Painter,
  request: PaintingRequest,
  { onProgress, ...join }: PaintOptions = {},
): Promise<RgbPixels> {
  return painter.batcher.run(request, {
    ...join,
    onStep: (painting) => onProgress?.(painting.stepsDone, stepsOf(painting), painting),
  });
}
