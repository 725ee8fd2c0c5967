import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BenchResult, Figure } from "./figure.ts";
import { runnerUseSchema, type RunnerUse, type UseRunner } from "./memory/use-runner.ts";

/** Less than all networks take together, so that they have to give way to one another. */
const narrowMb = 200;

/** As `apps/cli` starts runners (`process-specs.ts`): glibc then gives back what is freed. */
const asRunnersAreStarted = { MALLOC_TRIM_THRESHOLD_: String(128 * 1024) };

/** Resident memory goes up and down from one request to the next, so it is compared over so many. */
const windowSize = 50;

/**
 * Memory of a runner that has all built-in models used in turn: once under its usual budget for weights, once under one
 * that is too small for all; and what a load costs in each tier, against reading and hashing the same bytes.
 */
export async function benchMemory(): Promise<BenchResult> {
  const usual = await runChild({ requests: 200, limitMb: null });
  const narrow = await runChild({ requests: 100, limitMb: narrowMb });
  const loads = summariseLoads([...usual.loads, ...narrow.loads], await readFloors());
  return {
    figures: [...memoryFigures(usual, narrow), ...loadFigures(loads)],
    table: [
      "All ops of a runner in turn, in one process; every tenth is on a picture of one megapixel, or long.",
      `Memory up to a request: the median after it and the ${windowSize - 1} before it.`,
      `Left out, for want of something to give them: ${usual.leftOut.join(", ") || "none"}.`,
      "",
      formatOps(usual),
      "",
      formatLoads(loads),
      "",
      `Weights in ${narrowMb} MB: ${narrow.evictions} times something was given up in ${narrow.done.length} requests.`,
    ].join("\n"),
  };
}

/** In a process of its own, whose memory is then only that of the runner. */
async function runChild(what: UseRunner): Promise<RunnerUse> {
  const [, bundle = ""] = process.argv;
  const options = { execArgv: [], env: asRunnersAreStarted };
  const child = fork(bundle, ["--use-runner", JSON.stringify(what)], options);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the runner's process ended with ${String(code)}`);
  });
  const [message] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => {});
  child.disconnect();
  return runnerUseSchema.parse(message);
}

function memoryFigures(usual: RunnerUse, narrow: RunnerUse): Figure[] {
  const after = (requests: number) =>
    median(usual.done.slice(requests - windowSize, requests).map(({ residentMb }) => residentMb));
  const goal = 1500;
  return [
    { name: "memory.peak_mb", value: peakOf(usual), unit: "MB", goal },
    ...[100, 200].map((requests) => ({
      name: `memory.to_${requests}_requests_mb`,
      value: after(requests),
      unit: "MB",
      baseline: usual.startMb,
    })),
    { name: "memory.growth_100_to_200_mb", value: after(200) - after(100), unit: "MB", goal: 50 },
    { name: "memory.narrow_peak_mb", value: peakOf(narrow), unit: "MB", goal },
    {
      name: "memory.narrow_after_100_requests_mb",
      value: narrow.done.at(-1)?.residentMb ?? 0,
      unit: "MB",
    },
  ];
}

function peakOf({ done }: RunnerUse): number {
  return Math.max(...done.map(({ peakMb }) => peakMb));
}

interface Load {
  readonly name: string;
  readonly tier: string;
  /** Bytes of the file. */
  readonly fileBytes: number;
  readonly times: number;
  readonly medianMs: number;
  /** Reading and hashing the file alone, for the tier that is that. */
  readonly floorMs: number | undefined;
}

interface Floor {
  readonly bytes: number;
  readonly ms: number;
}

function summariseLoads(loads: RunnerUse["loads"], floors: ReadonlyMap<string, Floor>): Load[] {
  const groups = groupBy(loads, ({ name, tier }) => `${name} ${tier}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const floor = floors.get(first?.sha256 ?? "");
    if (first === undefined || floor === undefined) return [];
    return {
      name: first.name,
      tier: first.tier,
      fileBytes: floor.bytes,
      times: group.length,
      medianMs: median(group.map(({ ms }) => ms)),
      floorMs: first.tier === "ram" ? floor.ms : undefined,
    };
  });
}

function loadFigures(loads: readonly Load[]): Figure[] {
  const of = (tier: string) => loads.filter((load) => load.tier === tier);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return [
    {
      name: "memory.load_disk_to_ram_ms",
      value: sum(of("ram").map(({ medianMs }) => medianMs)),
      unit: "ms",
      floor: sum(of("ram").map(({ floorMs = 0 }) => floorMs)),
    },
    {
      name: "memory.load_ram_to_session_ms",
      value: sum(of("session").map(({ medianMs }) => medianMs)),
      unit: "ms",
    },
  ];
}

/** Reading and hashing each file of weights, by its hash: what a verified load cannot be faster than. */
async function readFloors(): Promise<Map<string, Floor>> {
  const houseModels = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
  const folder = join(dirname(houseModels), "weights");
  const floors = new Map<string, Floor>();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!/\.(onnx|safetensors)$/.test(file)) continue;
    const times: number[] = [];
    let bytes = 0;
    let sha256 = "";
    for (let run = 0; run < 5; run += 1) {
      const before = performance.now();
      const content = await readFile(join(folder, file));
      sha256 = createHash("sha256").update(content).digest("hex");
      times.push(performance.now() - before);
      bytes = content.byteLength;
    }
    floors.set(sha256, { bytes, ms: median(times) });
  }
  return floors;
}

function formatOps({ done, startMb }: RunnerUse): string {
  const groups = [...groupBy(done, ({ name }) => name)];
  const rows = groups.map(([name, all]) => [
    name,
    String(all.length),
    median(all.map(({ ms }) => ms)).toFixed(0),
    Math.max(...all.map(({ peakMb }) => peakMb)).toFixed(0),
    (all.at(-1)?.residentMb ?? 0).toFixed(0),
  ]);
  const start = ["before the first", "", "", "", startMb.toFixed(0)];
  return formatRows([["request", "times", "ms", "peak MB", "then MB"], start, ...rows]);
}

function formatLoads(loads: readonly Load[]): string {
  const rows = loads.map(({ name, tier, fileBytes, times, medianMs, floorMs }) => [
    `${name} to ${tier}`,
    String(times),
    (fileBytes / 1e6).toFixed(1),
    medianMs.toFixed(1),
    floorMs?.toFixed(1) ?? "",
  ]);
  return formatRows([["load", "times", "file MB", "ms", "floor ms"], ...rows]);
}

function formatRows(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(46) : cell.padStart(9))).join(""))
    .join("\n");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
