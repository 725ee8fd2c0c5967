import type { Adapter, Painter } from "@heddle/runner";
import type { Figure } from "../figure.ts";
import { median } from "./statistics.ts";
import { createRequests, randomAdapters } from "./traffic.ts";

const rows = 2;
const turns = 24;

/** Steps of two pictures, whatever the scheduler would choose: what they gain, and what it costs that each wears its own LoRA. */
export async function measureSideBySide(painter: Painter): Promise<Figure[]> {
  const adapters = randomAdapters(rows);
  const timeStep = async (count: number, worn: readonly Adapter[]) => {
    const [request] = createRequests(1, []);
    if (request === undefined) return 0;
    const paintings = [];
    for (let row = 0; row < count; row += 1) {
      const adapter = worn[row % Math.max(1, worn.length)];
      const wears = adapter === undefined ? [] : [{ adapter, scale: 1 }];
      paintings.push(await painter.prepare({ ...request, seed: row, adapters: wears }));
    }
    // Puts the bank in its place, as the first step of a picture does.
    await painter.step(paintings);
    const before = performance.now();
    await painter.step(paintings);
    return performance.now() - before;
  };
  const [gains, mixed]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn += 1) {
    gains.push((rows * (await timeStep(1, []))) / (await timeStep(rows, [])));
    mixed.push((await timeStep(rows, adapters.slice(0, 1))) / (await timeStep(rows, adapters)));
  }
  return [
    { name: "serve.two_side_by_side_ratio", value: median(gains), unit: "", baseline: 1 },
    {
      name: "serve.two_loras_over_one_in_a_step_ratio",
      value: median(mixed),
      unit: "",
      baseline: 1,
      goal: 0.95,
    },
  ];
}
