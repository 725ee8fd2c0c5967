import { houseTextToImage } from "@heddle/house-models";
import { drawPreview, paint, type Painter } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { median } from "./statistics.ts";
import { createRequests } from "./traffic.ts";

const pairs = 12;
/** As the ops draw them. */
const stepsPerPreview = 2;

/** With and without, in turns; and how long the first takes to be there. */
export async function measurePreviews(painter: Painter): Promise<Figure[]> {
  const [costs, firsts]: [number[], number[]] = [[], []];
  for (const request of createRequests(pairs, [])) {
    const long = { ...request, steps: houseTextToImage.sampler.steps.default };
    const without = await timed(() => paint(painter, long));
    const previews: Promise<number>[] = [];
    const before = performance.now();
    const withThem = await timed(() =>
      paint(painter, long, {
        onProgress: (done, total, painting) => {
          if (done === total || (done - 1) % stepsPerPreview !== 0) return;
          const drawn = drawPreview(painting, houseTextToImage);
          previews.push(drawn.then(() => performance.now() - before));
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
