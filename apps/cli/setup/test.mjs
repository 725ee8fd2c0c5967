import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { buildWhenNeeded, toolEnv } from "./build.mjs";
import { checkout } from "./checkout.mjs";
import { add, countPlaywright, countPytest, countVitest, describe, none } from "./count-tests.mjs";
import { findPython, findTools } from "./find-tools.mjs";
import { installWhenNeeded } from "./install.mjs";
import { CommandFailed } from "./command-failed.mjs";
import { runCommand } from "./run-command.mjs";

const results = path.join(checkout, "test-results");
const training = "packages/house-models/training";

/** Installs, builds, runs every test, and says how many passed. */
export async function test() {
  const say = (line) => console.log(`  ${line}`);
  try {
    await installWhenNeeded(say);
    const chromium = await findTools(say);
    await buildWhenNeeded(say);
    rmSync(results, { recursive: true, force: true });
    mkdirSync(results, { recursive: true });
    const total = await runParts({ say, chromium });
    console.log(describe(total));
    process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(`heddle: ${error.message}`);
    console.log(describe({ ...none, failed: 1 }));
    process.exitCode = 1;
  }
}

async function runParts({ say, chromium }) {
  const env = { ...toolEnv, CHROMIUM_PATH: chromium, CI: "1" };
  let total = none;
  for (const part of parts(say)) {
    const startedAt = performance.now();
    console.log(`\n== ${part.name}`);
    const status = await runCommand(part.command, part.args, {
      env,
      cwd: path.join(checkout, part.in ?? ""),
    });
    const counted = part.count(path.join(results, part.report));
    // A part that broke off without a report, or ended badly although all its tests passed, is a failure of its own.
    const fair = counted !== null && (status === 0 || counted.failed > 0);
    const result = fair ? counted : { ...(counted ?? none), failed: (counted?.failed ?? 0) + 1 };
    console.log(
      `== ${part.name}: ${describe(result)} (${Math.round((performance.now() - startedAt) / 1000)} s)`,
    );
    total = add(total, result);
  }
  console.log("");
  return total;
}

function parts(say) {
  const tool = (name) => path.join(checkout, "node_modules", name);
  const vitest = (name, args) => ({
    name,
    command: process.execPath,
    args: [
      tool("vitest/vitest.mjs"),
      "run",
      ...args,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${path.join(results, `${name}.json`)}`,
    ],
    report: `${name}.json`,
    count: countVitest,
  });
  return [
    vitest("unit", []),
    ...pythonPart(say),
    vitest("start", ["--config", "e2e/start/vitest.config.ts"]),
    {
      name: "browser",
      command: process.execPath,
      args: [tool("@playwright/test/cli.js"), "test"],
      in: "e2e",
      report: "browser.json",
      count: countPlaywright,
    },
  ];
}

function pythonPart(say) {
  const { python, reason } = findPython();
  if (python === null) {
    say(
      `the tests of the training code are left out: ${reason} (pip install torch==2.13.0 pytest)`,
    );
    return [];
  }
  return [
    {
      name: "training",
      command: python,
      args: ["-m", "pytest", "-q", `--junitxml=${path.join(results, "training.xml")}`, "."],
      in: training,
      report: "training.xml",
      count: countPytest,
    },
  ];
}
