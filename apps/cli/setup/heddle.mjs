import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildApp } from "./build.mjs";
import { checkout } from "./checkout.mjs";
import { installWhenNeeded } from "./install.mjs";
import { CommandFailed } from "./command-failed.mjs";

const bundle = path.join(checkout, "apps/cli/dist/main.mjs");

/** Runs the command line, built first when it never was. */
export async function heddle() {
  try {
    if (!existsSync(bundle)) {
      const say = (line) => console.error(`  ${line}`);
      await installWhenNeeded(say);
      await buildApp("cli");
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(`heddle: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  await import(pathToFileURL(bundle).href);
}
