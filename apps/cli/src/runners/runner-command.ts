import { spawn } from "node:child_process";
import path from "node:path";
import type { Settings } from "../env.ts";
import { Fatal } from "../fatal.ts";
import { nodeArgs } from "../up/process-specs.ts";

export interface RunnerOptions {
  readonly server: string;
  readonly token?: string | undefined;
  readonly name?: string | undefined;
  readonly slots?: string | undefined;
  readonly ops?: string | undefined;
}

/** Exit status of a runner that the server does not want. */
const turnedAwayStatus = 3;

/**
 * `heddle runner`: one runner of this machine works for a server elsewhere, until SIGTERM or Ctrl-C; then it finishes or hands
 * back what it does. It needs nothing but the server's address and a token. Its exit status becomes ours.
 */
export async function runnerCommand(settings: Settings, options: RunnerOptions): Promise<void> {
  const { inherited, checkout } = settings;
  const token = options.token ?? inherited["RUNNER_TOKEN"];
  if (token === undefined || token === "")
    throw new Fatal(
      "a runner token is needed: --token hdl_run_… (the server's Cluster page makes one, and so does `heddle runners token create`)",
    );
  if (!URL.canParse(options.server) || !/^https?:/.test(options.server))
    throw new Fatal(`--server ${options.server} is not an http(s) URL`);
  const { name, slots, ops } = options;
  const child = spawn(
    process.execPath,
    nodeArgs(settings, [path.join(checkout, "apps/runner/dist/main.mjs")]),
    {
      cwd: checkout,
      env: {
        ...withoutStores(inherited),
        NODE_ENV: "production",
        ORCHESTRATOR_URL: new URL(options.server).origin,
        RUNNER_TOKEN: token,
        HEDDLE_DATA_DIR: settings.dataFolder,
        ...(name !== undefined && { RUNNER_NAME: name }),
        ...(slots !== undefined && { RUNNER_SLOTS: slots }),
        ...(ops !== undefined && { RUNNER_OPS: ops }),
      },
      // Its stdin ends with us, however we end; a group of its own, so that Ctrl-C reaches it once, through us.
      stdio: ["pipe", "inherit", "inherit"],
      detached: true,
    },
  );
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", pass).on("SIGINT", pass);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
  if (process.exitCode === turnedAwayStatus)
    console.error(
      `heddle: ${options.server} does not take this runner: its token is wrong or was revoked, or another one has its name (the last line above says which)`,
    );
}

/** The server keeps the files: a store of this machine is none of its runner's. */
function withoutStores(env: Settings["inherited"]): Settings["inherited"] {
  const { BLOB_URL: _1, DATABASE_URL: _2, QUEUE_URL: _3, HEDDLE_SECRET: _4, ...rest } = env;
  return rest;
}
