import type { Figure } from "../figure.ts";
import { openLoop } from "./open-loop.ts";
import { median } from "./statistics.ts";

const sizes = [1, 2, 3, 4, 8];
const rounds = 8;

export interface Ways<Request> {
  readonly engine: (request: Request) => Promise<unknown>;
  readonly single: (request: Request) => Promise<unknown>;
}

/**
 * So many requests that come at once: their mean time to the end, engine ÷ one at a time. The two take turns at each
 * burst and at being first, so what else the machine does meets both.
 */
export async function measureBursts<Request>(
  ways: Ways<Request>,
  requests: readonly Request[],
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) {
    const ratios: number[] = [];
    const burst = async (way: keyof Ways<Request>) => {
      const gaps = Array.from({ length: size }, () => 0);
      const times = await openLoop(ways[way], requests.slice(0, size), gaps);
      return times.reduce((sum, ms) => sum + ms, 0) / size;
    };
    for (let round = 0; round < rounds; round += 1) {
      const isSingleFirst = round % 2 === 0;
      const first = await burst(isSingleFirst ? "single" : "engine");
      const second = await burst(isSingleFirst ? "engine" : "single");
      ratios.push(isSingleFirst ? second / first : first / second);
    }
    figures.push({
      name: `serve.mean_of_${size}_at_once_ratio`,
      value: median(ratios),
      unit: "",
      baseline: 1,
      goal: 1,
    });
  }
  return figures;
}
