import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Settings } from "../env.ts";
import type { DataFolder } from "./data-folder.ts";
import type { ProcessSpec } from "./keep-running.ts";
import { shareMachine } from "./share-machine.ts";

export interface Addresses {
  /** Where people open Heddle. */
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly orchestratorPort: number;
  readonly databaseUrl: string;
}

export interface SpecRequest {
  readonly settings: Settings;
  readonly data: DataFolder;
  readonly addresses: Addresses;
  readonly verbose: boolean;
}

/** The processes of one machine, in the order in which they start; they end in the order web, runners, orchestrator. */
export function processSpecs(request: SpecRequest): {
  orchestrator: ProcessSpec;
  runners: readonly ProcessSpec[];
  web: ProcessSpec;
} {
  const { settings, addresses } = request;
  const env = environmentOf(request);
  const bundle = (app: string) => path.join(settings.checkout, "apps", app, "dist/main.mjs");
  const web = path.join(settings.checkout, "apps/web");
  const next = createRequire(path.join(web, "package.json")).resolve("next/dist/bin/next");
  const at = ["--port", String(addresses.port), "--hostname", addresses.host];
  return {
    orchestrator: nodeProcess(request, {
      name: "orchestrator",
      env,
      args: [bundle("orchestrator")],
      graceMs: 10_000,
    }),
    // What it computes is finished when that is quick; else its lease runs out and the step is taken up again.
    runners: shareMachine(settings, request.data.id, availableParallelism()).map((share, index) =>
      nodeProcess(request, {
        name: index === 0 ? "runner" : `runner-${index + 1}`,
        env: { ...givesMemoryBack, ...withoutSecrets(env), ...share },
        args: [bundle("runner")],
        graceMs: 15_000,
      }),
    ),
    web: nodeProcess(request, {
      name: "web",
      env,
      args: [next, "start", web, ...at],
      graceMs: 5_000,
    }),
  };
}

/** `node` with the watch on its parent; the arguments of one of our apps follow. */
export function nodeArgs(settings: Settings, args: readonly string[]): string[] {
  return ["--import", path.join(settings.checkout, "apps/cli/follow-parent.mjs"), ...args];
}

export function environmentOf({ settings, data, addresses }: SpecRequest): ProcessSpec["env"] {
  return {
    ...settings.inherited,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    LOG_LEVEL: settings.logLevel,
    HOST: addresses.host,
    PORT: String(addresses.port),
    PUBLIC_URL: addresses.publicUrl,
    HEDDLE_DATA_DIR: data.path,
    DATABASE_URL: addresses.databaseUrl,
    QUEUE_URL: settings.queueUrl,
    BLOB_URL: settings.blobUrl ?? `file:${data.blobs}`,
    HEDDLE_SECRET: settings.secret ?? data.secret,
    HEDDLE_LOCAL_KEY: data.localKey,
    ORCHESTRATOR_PORT: String(addresses.orchestratorPort),
    ORCHESTRATOR_URL: `http://127.0.0.1:${addresses.orchestratorPort}`,
    RUNNER_TOKEN: data.runnerToken,
  };
}

/**
 * glibc takes large blocks from the heap once one was freed, and then keeps them: of the 74 MB of a denoiser that was
 * given up the system got none back. With a threshold of ours it gets every block of 128 KiB and more. Other systems
 * pass this over.
 */
const givesMemoryBack = { MALLOC_TRIM_THRESHOLD_: String(128 * 1024) };

/** A runner needs neither the database nor the keys: it may stand on somebody else's machine. */
function withoutSecrets(env: ProcessSpec["env"]): ProcessSpec["env"] {
  const { DATABASE_URL: _1, QUEUE_URL: _2, HEDDLE_SECRET: _3, HEDDLE_LOCAL_KEY: _4, ...rest } = env;
  return rest;
}

interface NodeProcess {
  readonly name: string;
  readonly env: ProcessSpec["env"];
  readonly args: readonly string[];
  readonly graceMs: number;
}

function nodeProcess({ settings, data, verbose }: SpecRequest, process_: NodeProcess): ProcessSpec {
  return {
    name: process_.name,
    command: process.execPath,
    args: nodeArgs(settings, process_.args),
    env: process_.env,
    cwd: settings.checkout,
    logFile: verbose ? null : path.join(data.logs, `${process_.name}.log`),
    stopBy: "SIGTERM",
    stopGraceMs: process_.graceMs,
  };
}
