import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildApp } from "./build.mjs";
import { checkout } from "./checkout.mjs";
import { installWhenNeeded } from "./install.mjs";
import { CommandFailed } from "./command-failed.mjs";

const bundleOf = (app) => path.join(checkout, "apps", app, "dist/main.mjs");

/** Runs the command line, built first when it never was; for `heddle runner` the runner too. */
export async function heddle() {
  const apps = process.argv[2] === "runner" ? ["cli", "runner"] : ["cli"];
  try {
    const missing = apps.filter((app) => !existsSync(bundleOf(app)));
    if (missing.length > 0) {
      const say = (line) => console.error(`  ${line}`);
      await installWhenNeeded(say);
      for (const app of missing) await buildApp(app);
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(`heddle: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  await import(pathToFileURL(bundleOf("cli")).href);
}
