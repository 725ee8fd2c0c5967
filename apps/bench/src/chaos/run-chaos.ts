import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatFigures, type Figure } from "../figure.ts";
import { createRandom } from "../serve/random.ts";
import { percentile } from "../serve/statistics.ts";
import { startCluster } from "./cluster.ts";
import type { Outcome, Scenario } from "./scenario.ts";
import { formatOutcomes, type NamedOutcome } from "./format-outcomes.ts";
import { badDocuments } from "./scenarios/bad-documents.ts";
import { rollingRestart } from "./scenarios/drain.ts";
import { keys } from "./scenarios/keys.ts";
import { kills } from "./scenarios/kills.ts";
import { lostAnswers } from "./scenarios/lost-answers.ts";
import { migration } from "./scenarios/migration.ts";
import { network } from "./scenarios/network.ts";
import { poolExhausted, postgresRestarts } from "./scenarios/postgres.ts";
import { redisFaults } from "./scenarios/redis.ts";
import { stoppedRunner } from "./scenarios/stopped-runner.ts";

const scenarios: readonly Scenario[] = [
  kills,
  lostAnswers,
  stoppedRunner,
  redisFaults,
  postgresRestarts,
  poolExhausted,
  network,
  keys,
  badDocuments,
  rollingRestart,
  migration,
];

const usage = `usage: npm run chaos -- [--runs N] [--per-second N] [--lease SECONDS] [--seed N] [--scenario NAME]… [--json]
scenarios: ${scenarios.map(({ name }) => name).join(", ")}`;

/** `npm run chaos`: the faults of the table, one scenario after another, each judged in SQL. Exit status 1: something broke. */
export async function runChaos(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const { json, leaseSeconds, seed, selected, runs, perSecond } = options;
  const outcomes: NamedOutcome[] = [];
  const random = createRandom(seed);
  const cluster = await startCluster({ leaseSeconds, checkout: resolve("../..") });
  try {
    for (const scenario of selected) {
      const { name, title } = scenario;
      const before = performance.now();
      const outcome = await scenario.run({ cluster, runs, perSecond, random });
      outcomes.push({ ...outcome, name, title });
      const seconds = Math.round((performance.now() - before) / 1000);
      console.error(`${name}: ${isWhole([outcome]) ? "whole" : "BROKEN"} (${seconds} s)`);
    }
  } finally {
    await cluster.close();
  }
  const figures = figuresOf(outcomes, leaseSeconds);
  const broken = outcomes.flatMap((outcome) => [...outcome.violations, ...outcome.failures]);
  if (json) console.log(JSON.stringify({ figures, broken, commit: readCommit(), seed }));
  else {
    const about = `${availableParallelism()} cores, lease ${leaseSeconds} s, ${perSecond} runs a second, seed ${seed}, commit ${readCommit()}`;
    console.log([about, formatOutcomes(outcomes), formatFigures(figures), ...broken].join("\n\n"));
  }
  process.exitCode = isWhole(outcomes) ? 0 : 1;
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "200" },
      "per-second": { type: "string", default: "5" },
      lease: { type: "string", default: "30" },
      seed: { type: "string", default: "1" },
      scenario: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
    },
  });
  const names = values.scenario ?? scenarios.map(({ name }) => name);
  const unknown = names.filter((name) => !scenarios.some((one) => one.name === name));
  const numbers = [values.runs, values["per-second"], values.lease, values.seed].map(Number);
  const [runs = 0, perSecond = 0, leaseSeconds = 0, seed = 0] = numbers;
  if (unknown.length > 0 || numbers.some((one) => !(one > 0))) throw new Error(usage);
  const selected = scenarios.filter(({ name }) => names.includes(name));
  return { runs, perSecond, leaseSeconds, seed, selected, json: values.json };
}

function isWhole(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(
    ({ lost, doubleBilled, staleCommits, violations, failures }) =>
      lost + doubleBilled + staleCommits + violations.length + failures.length === 0,
  );
}

function figuresOf(outcomes: readonly Outcome[], leaseSeconds: number): Figure[] {
  const sum = (pick: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const recoveries = outcomes.flatMap(({ recoveriesMs }) => recoveriesMs);
  const goal = (leaseSeconds + 5) * 1000;
  return [
    { name: "chaos.runs", value: sum(({ runs }) => runs), unit: "" },
    { name: "chaos.faults", value: sum(({ faults }) => faults), unit: "" },
    { name: "chaos.lost_runs", value: sum(({ lost }) => lost), unit: "", goal: 0 },
    { name: "chaos.double_billed", value: sum((one) => one.doubleBilled), unit: "", goal: 0 },
    { name: "chaos.stale_commits", value: sum((one) => one.staleCommits), unit: "", goal: 0 },
    { name: "chaos.recovery_p50_ms", value: percentile(recoveries, 50), unit: "ms" },
    { name: "chaos.recovery_p99_ms", value: percentile(recoveries, 99), unit: "ms", goal },
  ];
}

function readCommit(): string {
  return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
}
