import { performance } from "node:perf_hooks";
import { houseTextToImage } from "@heddle/house-models";
import { drawPreview } from "./draw-preview.ts";
import type { Painting } from "./painting.ts";

/** News of a task goes out no more often (`heartbeats.ts`), so a preview that is replaced sooner would never be seen. */
const previewEveryMs = 200;

/**
 * To be called after each step: shows what there is after the first, and from then on as often as somebody can see it.
 * Draws beside the next step, and says whether it does; a preview that cannot be drawn is done without. `now`: milliseconds
 * from any fixed point.
 */
export function previewPainting(
  show: (url: string) => void,
  now: () => number = () => performance.now(),
): (done: number, total: number, painting: Painting) => boolean {
  let dueMs = -Infinity;
  return (done, total, painting) => {
    if (done === total || now() < dueMs) return false;
    dueMs = now() + previewEveryMs;
    drawPreview(painting, houseTextToImage).then(show, () => {});
    return true;
  };
}
