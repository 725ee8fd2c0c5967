import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkout, mustBeWritable } from "./checkout.mjs";
import { CommandFailed } from "./command-failed.mjs";
import { runNpm } from "./run-command.mjs";

/** Installs must not fetch more than the packages themselves: what they download afterwards is not used here. */
export const installEnv = {
  ONNXRUNTIME_NODE_INSTALL: "skip",
  // Any executable file: Prisma then does not download its schema engine, which nothing here runs.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  // `npm start --silent` hands its silence on; what keeps an install from working must be seen.
  npm_config_loglevel: "error",
  npm_config_audit: "false",
  npm_config_fund: "false",
  npm_config_update_notifier: "false",
};

/** Installs the packages of the lock file when they are not all there. */
export async function installWhenNeeded(say) {
  if (isInstalled()) return;
  mustBeWritable();
  const fresh = !existsSync(path.join(checkout, "node_modules", ".package-lock.json"));
  say("installing packages (once, and whenever they change)");
  // `ci` empties node_modules first: right for a fresh clone, wasteful after a pull that changed one package.
  const status = await runNpm([fresh ? "ci" : "install", "--no-audit", "--no-fund"], {
    env: installEnv,
  });
  if (status !== 0)
    throw new CommandFailed("npm could not install the packages; its output above says why");
}

/** Whether what npm says it installed is what the lock file asks for. */
export function isInstalled() {
  const wanted = packagesOf(path.join(checkout, "package-lock.json"));
  const found = packagesOf(path.join(checkout, "node_modules", ".package-lock.json"));
  if (wanted === null || found === null) return false;
  return Object.entries(wanted).every(([at, entry]) => {
    if (!at.includes("node_modules/")) return true;
    const there = found[at];
    if (there === undefined) return entry.optional === true || entry.devOptional === true;
    return there.version === entry.version && there.link === entry.link;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return null;
  }
}
