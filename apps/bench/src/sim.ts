import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { BenchResult, Figure } from "./figure.ts";
import { measureFairness, type Fairness } from "./sim/fairness.ts";
import { findGoodput, type Measured } from "./sim/goodput.ts";
import { goodputPlot } from "./sim/goodput-plot.ts";
import { policies, type PolicyName } from "./sim/policies.ts";
import { createZoo } from "./sim/zoo.ts";

const seed = 1;
const sloScale = 2;
/** Beyond 1 the devices cannot follow, and only the end of the traffic saves them. */
const highestLoad = 1.1;
/** The policies whose loads cost nothing are the first in the list. */
const bounds = 2;
const margin = 0.02;
/** The goals are about pools of this size and more. */
const largePool = 32;

const argumentsSchema = z.object({
  runners: z
    .string()
    .default("8,32,128")
    .transform((text) => text.split(",").map(Number))
    .pipe(z.array(z.int().min(2).max(1_000)).min(1)),
  requests: z.coerce.number().int().min(1_000).optional(),
  "slo-scale": z.coerce.number().positive().default(sloScale),
});

type ByPolicy = ReadonlyMap<PolicyName, Measured>;

/**
 * The dispatcher's own functions against other ways to serve the same traffic, event by event. With `--plot` the figure in
 * `docs/figures` is written anew.
 */
export function benchSim(args: readonly string[]): BenchResult {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean" },
      plot: { type: "boolean" },
      runners: { type: "string" },
      requests: { type: "string" },
      "slo-scale": { type: "string" },
    },
  });
  const options = argumentsSchema.parse(values);
  const zoo = createZoo(seed);
  const pools = new Map<number, ByPolicy>();
  for (const runners of options.runners) {
    const requests = options.requests ?? Math.max(4_000, 200 * runners);
    const scale = options["slo-scale"];
    const measured = new Map<PolicyName, Measured>();
    let high = highestLoad;
    for (const policy of policies) {
      const setting = { zoo, runners, requests, seed, sloScale: scale };
      measured.set(policy.name, findGoodput(policy, setting, high));
      // What loads of no cost allow comes first: nobody else has to be tried far beyond it.
      if (measured.size === bounds) high = boundOf(measured) + margin;
    }
    pools.set(runners, measured);
  }
  const fairness = measureFairness(zoo);
  if (values.plot === true) writePlot(pools);
  return {
    figures: [...goodputFigures(pools), ...fairnessFigures(fairness)],
    table: [...pools].map(([runners, measured]) => tableOf(runners, measured)).join("\n\n"),
  };
}

/** Loads that cost nothing, in the order that is better. */
function boundOf(measured: ByPolicy): number {
  return Math.max(measured.get("bound")?.load ?? 0, measured.get("bound-fair")?.load ?? 0);
}

/** Of the pools of 32 and more the one that does worst; of smaller ones only when there are no others. */
function goodputFigures(pools: ReadonlyMap<number, ByPolicy>): Figure[] {
  const large = [...pools].filter(([runners]) => runners >= largePool);
  const counted = (large.length > 0 ? large : [...pools]).map(([, measured]) => measured);
  const ratio = (name: string, other: PolicyName, goal?: number): Figure => {
    const worst = counted
      .map((measured) => ({
        ours: measured.get("ours")?.load ?? 0,
        other: measured.get(other)?.load ?? Number.NaN,
      }))
      .toSorted((first, second) => first.ours / first.other - second.ours / second.other)[0];
    const value = worst === undefined ? Number.NaN : worst.ours / worst.other;
    return {
      name,
      value,
      unit: "ratio",
      ...(worst && { baseline: worst.other }),
      ...(goal && { goal }),
    };
  };
  const shares = counted.map(
    (measured) => (100 * (measured.get("ours")?.load ?? 0)) / boundOf(measured),
  );
  const last = counted.at(-1);
  const [ours, fifo] = [last?.get("ours"), last?.get("fifo")];
  return [
    ratio("sim.goodput_over_fifo_ratio", "fifo", 2),
    ratio("sim.goodput_over_hints_ratio", "hints", 2),
    ratio("sim.goodput_over_pools_ratio", "pools", 2.5),
    ratio("sim.goodput_over_fifo_with_ram_ratio", "fifo-ram"),
    ratio("sim.goodput_over_hints_with_ram_ratio", "hints-ram"),
    ratio("sim.goodput_over_scanning_hints_with_ram_ratio", "scan-ram"),
    ratio("sim.goodput_over_pools_with_ram_ratio", "pools-ram"),
    ratio("sim.goodput_over_no_prefetch_ratio", "ours-no-prefetch"),
    ratio("sim.goodput_over_no_ram_tier_ratio", "ours-disk"),
    { name: "sim.goodput_over_bound_pct", value: Math.min(...shares), unit: "%", goal: 92 },
    {
      name: "sim.device_s_per_request_s",
      value: ours?.deviceSeconds ?? Number.NaN,
      unit: "s",
      baseline: fifo?.deviceSeconds ?? Number.NaN,
    },
    {
      name: "sim.load_share_pct",
      value: 100 * (ours?.loadShare ?? Number.NaN),
      unit: "%",
      baseline: 100 * (fifo?.loadShare ?? Number.NaN),
    },
  ];
}

function fairnessFigures({ sameModel, otherModel, fewRunners, jain }: Fairness): Figure[] {
  return [
    { name: "sim.fairness_p95_over_solo_ratio", value: sameModel, unit: "ratio", goal: 1.5 },
    {
      name: "sim.fairness_p95_over_solo_other_model_ratio",
      value: otherModel,
      unit: "ratio",
      goal: 1.5,
    },
    { name: "sim.fairness_p95_over_solo_8_runners_ratio", value: fewRunners, unit: "ratio" },
    { name: "sim.fairness_jain_index", value: jain, unit: "index", goal: 0.95 },
  ];
}

function tableOf(runners: number, measured: ByPolicy): string {
  const bound = boundOf(measured);
  const rows = policies.map(({ name, title }) => {
    const one = measured.get(name);
    if (one === undefined) return title;
    const cells = [
      one.load.toFixed(2),
      `${((100 * one.load) / bound).toFixed(0)} %`,
      one.deviceSeconds.toFixed(1),
      `${(100 * one.loadShare).toFixed(0)} %`,
      (one.medianMs / 1_000).toFixed(1),
      (one.p99Ms / 1_000).toFixed(0),
    ];
    return `${title.padEnd(titleWidth)}${cells.map((cell) => cell.padStart(9)).join("")}`;
  });
  const head = ["goodput", "of bound", "device s", "loads", "p50 s", "p99 s"];
  return [
    `${`${runners} runners`.padEnd(titleWidth)}${head.map((cell) => cell.padStart(9)).join("")}`,
    ...rows,
  ].join("\n");
}

const titleWidth = 44;

/** The script runs in `apps/bench`. */
function writePlot(pools: ReadonlyMap<number, ByPolicy>): void {
  const file = path.resolve("../../docs/figures/simulated-goodput.svg");
  const groups = [...pools].map(([runners, measured]) => ({
    title: `${runners} runners`,
    bars: [...measured].map(([name, { load }]) => ({ name, load })),
    bound: boundOf(measured),
  }));
  writeFileSync(file, goodputPlot(groups));
}
