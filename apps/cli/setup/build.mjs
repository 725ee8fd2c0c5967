import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkout, mustBeWritable } from "./checkout.mjs";
import { installEnv } from "./install.mjs";
import { CommandFailed } from "./command-failed.mjs";
import { runCommand } from "./run-command.mjs";

/** The apps that `npm start` runs. */
const apps = ["cli", "orchestrator", "runner", "web"];

/** What must be there after a build. */
const outputs = [
  "apps/cli/dist/main.mjs",
  "apps/orchestrator/dist/main.mjs",
  "apps/runner/dist/main.mjs",
  "apps/web/.next/BUILD_ID",
];

const inputs = [
  "package.json",
  "package-lock.json",
  "turbo.json",
  "build-app.mjs",
  "tsconfig.base.json",
  "prisma",
  "examples",
  "apps",
  "packages",
];
const notInputs = new Set([
  "node_modules",
  "dist",
  ".next",
  ".turbo",
  "generated",
  "training",
  "__pycache__",
  "bench",
  "next-env.d.ts",
]);

const stampFile = path.join(checkout, "node_modules", ".heddle", "build-stamp");

export const toolEnv = {
  NEXT_TELEMETRY_DISABLED: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
};

/** Builds the apps unless exactly these sources were built before. */
export async function buildWhenNeeded(say) {
  const stamp = hashInputs();
  if (isBuilt(stamp)) return;
  mustBeWritable();
  say("building (about a minute the first time)");
  const status = await runTurbo(["build", ...apps.map((app) => `--filter=@heddle/${app}`)]);
  if (status !== 0) throw new CommandFailed("the build failed; its output above says why");
  const missing = outputs.filter((file) => !existsSync(path.join(checkout, file)));
  if (missing.length > 0) throw new CommandFailed(`the build did not make ${missing.join(", ")}`);
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Builds one app, such as the command line itself. */
export async function buildApp(app) {
  const status = await runTurbo(["build", `--filter=@heddle/${app}`]);
  if (status !== 0)
    throw new CommandFailed(`the build of ${app} failed; its output above says why`);
}

function runTurbo(args) {
  const turbo = path.join(checkout, "node_modules", "turbo", "bin", "turbo");
  return runCommand(
    process.execPath,
    [turbo, "run", ...args, "--output-logs=errors-only", "--ui=stream", "--log-prefix=none"],
    // Its own chatter is noise beside our progress lines.
    { env: { ...installEnv, ...toolEnv, TURBO_NO_UPDATE_NOTIFIER: "1" }, output: "on-failure" },
  );
}

function isBuilt(stamp) {
  return (
    outputs.every((file) => existsSync(path.join(checkout, file))) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === stamp
  );
}

function hashInputs() {
  const hash = createHash("sha256");
  for (const input of inputs) addToHash(hash, input);
  return hash.digest("hex");
}

function addToHash(hash, relative) {
  const absolute = path.join(checkout, relative);
  let entries;
  try {
    entries = readdirSync(absolute, { withFileTypes: true });
  } catch {
    if (existsSync(absolute))
      hash.update(`${relative}\0`).update(readFileSync(absolute)).update("\0");
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (notInputs.has(entry.name) || /\.(test\.tsx?|md|log|tsbuildinfo)$/.test(entry.name))
      continue;
    const inner = `${relative}/${entry.name}`;
    if (entry.isDirectory()) addToHash(hash, inner);
    else if (entry.isFile())
      hash
        .update(`${inner}\0`)
        .update(readFileSync(path.join(checkout, inner)))
        .update("\0");
  }
}
