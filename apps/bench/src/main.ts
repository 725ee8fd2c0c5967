import { execFileSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { runChaos } from "./chaos/run-chaos.ts";
import { benchCompile } from "./compile.ts";
import { benchFair } from "./fair.ts";
import { benchOverhead } from "./overhead.ts";
import { partSchema, runPart } from "./overhead/part.ts";
import { benchMemory } from "./memory.ts";
import { useRunner, useRunnerSchema } from "./memory/use-runner.ts";
import { formatFigures, type BenchResult } from "./figure.ts";
import { benchModels } from "./models.ts";
import { benchServe } from "./serve.ts";
import { benchLease } from "./lease.ts";
import { benchSim } from "./sim.ts";
import { benchUpscale } from "./upscale.ts";

const benches: Readonly<Record<string, () => Promise<BenchResult>>> = {
  compile: benchCompile,
  fair: benchFair,
  lease: benchLease,
  memory: benchMemory,
  models: benchModels,
  overhead: benchOverhead,
  serve: benchServe,
  upscale: benchUpscale,
};

// A process that a benchmark has started: an orchestrator, a runner, or one that uses a runner's ops.
const [, , flag, part = ""] = process.argv;
if (flag === "--part") await runPart(partSchema.parse(JSON.parse(part)));
else if (flag === "--use-runner")
  process.send?.(await useRunner(useRunnerSchema.parse(JSON.parse(part))));
else if (flag === "--chaos") await runChaos(process.argv.slice(3));
else if (flag === "sim") runSim(process.argv.slice(3));
else await runBenches();

async function runBenches(): Promise<void> {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const unknown = names.filter((name) => !Object.hasOwn(benches, name));
  if (names.length === 0 || unknown.length > 0) {
    console.error(`usage: npm run bench -- <${Object.keys(benches).join("|")}> [--json]`);
    process.exit(2);
  }
  await run(names, process.argv.includes("--json"));
}

async function run(selected: readonly string[], json: boolean): Promise<void> {
  const results: BenchResult[] = [];
  for (const name of selected) {
    const result = await benches[name]?.();
    if (result === undefined) continue;
    results.push(result);
    if (!json) report([result], false);
  }
  if (json) report(results, true);
}

/** `npm run sim -- [--json] [--plot] [--runners 8,32,128] [--requests N] [--slo-scale K]` */
function runSim(args: readonly string[]): void {
  const isJson = args.includes("--json");
  report([benchSim(args)], isJson);
}

function report(results: readonly BenchResult[], json: boolean): void {
  for (const { table, figures } of json ? [] : results)
    console.log(`${table}\n\n${formatFigures(figures)}\n`);
  const figures = results.flatMap((result) => result.figures);
  if (json)
    console.log(
      JSON.stringify({ figures, machine: describeMachine(), commit: readCommit(), seed: 1 }),
    );
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown CPU"}, ${gib} GiB, Node ${process.versions.node}`;
}

function readCommit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
