import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildWhenNeeded } from "./build.mjs";
import { checkout } from "./checkout.mjs";
import { installWhenNeeded } from "./install.mjs";
import { isServing } from "./is-serving.mjs";
import { CommandFailed } from "./command-failed.mjs";

const bundle = path.join(checkout, "apps/cli/dist/main.mjs");

/** Installs and builds what changed, then becomes `heddle up`. */
export async function start(args) {
  const say = (line) => console.log(`  ${line}`);
  try {
    // A build would pull the files from under a server that runs: let `up` say that it does.
    if (!(existsSync(bundle) && (await isServing()))) {
      await installWhenNeeded(say);
      await buildWhenNeeded(say);
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    console.error(`heddle: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  process.argv = [process.execPath, "heddle", "up", ...args];
  await import(pathToFileURL(bundle).href);
}
