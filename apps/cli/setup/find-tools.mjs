import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { CommandFailed } from "./command-failed.mjs";
import { runCommand } from "./run-command.mjs";

const chromiumNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * Finds Chromium and Redis, which the tests need, and installs them where that is possible: as root on Debian or Ubuntu.
 * Gives the path of Chromium.
 */
export async function findTools(say) {
  if (findChromium() === null || findOnPath("redis-server") === null) await installTools(say);
  const chromium = findChromium();
  const missing = [
    ...(chromium === null ? ["Chromium (or set CHROMIUM_PATH)"] : []),
    ...(findOnPath("redis-server") === null ? ["redis-server"] : []),
  ];
  if (missing.length > 0)
    throw new CommandFailed(`the tests need ${missing.join(" and ")}; install it and try again`);
  return chromium;
}

function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? given : null;
  return chromiumNames.map(findOnPath).find((found) => found !== null) ?? findPlaywrightChromium();
}

/** What `npx playwright install chromium` puts there. */
function findPlaywrightChromium() {
  const folder =
    process.env.PLAYWRIGHT_BROWSERS_PATH || path.join(homedir(), ".cache", "ms-playwright");
  if (!existsSync(folder)) return null;
  const places = readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .flatMap((name) =>
      ["chrome-linux", "chrome-linux64"].map((inner) => path.join(folder, name, inner, "chrome")),
    );
  return places.find((place) => existsSync(place)) ?? null;
}

function findOnPath(name) {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

async function installTools(say) {
  const system = readSystem();
  if (process.getuid?.() !== 0 || (system !== "debian" && system !== "ubuntu")) return;
  say("installing Chromium and Redis for the tests (once)");
  // RUNLEVEL=1: the package shall not start a server of its own.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  // Ubuntu's chromium is a snap, which needs snapd; Playwright's own build needs no such thing.
  const names = system === "debian" ? ["chromium", "redis-server"] : ["redis-server"];
  const install = ["install", "-y", "-q", "--no-install-recommends", ...names];
  const quiet = { env, output: "on-failure" };
  if ((await runCommand("apt-get", install, quiet)) !== 0) {
    await runCommand("apt-get", ["update", "-q"], quiet);
    await runCommand("apt-get", install, quiet);
  }
  if (findChromium() === null) {
    await runCommand("npx", ["playwright", "install", "--with-deps", "chromium"], quiet);
  }
}

function readSystem() {
  try {
    return /^ID="?(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** A Python that can run the tests of the training code, or why there is none. */
export function findPython() {
  const python = process.env.PYTHON || "python3";
  const found = spawnSync(python, ["-c", "import pytest, torch"], { encoding: "utf8" });
  if (found.error !== undefined) return { python: null, reason: "there is no python3" };
  if (found.status === 0) return { python, reason: null };
  const missing = /No module named '(\w+)'/.exec(found.stderr)?.[1] ?? "torch";
  return { python: null, reason: `${missing} cannot be imported` };
}
