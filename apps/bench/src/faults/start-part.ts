import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { sayingSchema, type Part } from "../overhead/part.ts";

const app = fileURLToPath(new URL("../..", import.meta.url));
const bundle = `${app}/dist/fault-part.mjs`;

/** Bundles what the child processes run: the orchestrator and the runner as they are now. */
export async function buildParts(): Promise<void> {
  await build({
    stdin: {
      contents: `
        import { partSchema, runPart } from "./src/overhead/part.ts";
        await runPart(partSchema.parse(JSON.parse(process.argv[2])));`,
      resolveDir: app,
      loader: "ts",
    },
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    plugins: [
      {
        name: "keep-node-modules-external",
        setup: (plugin) =>
          plugin.onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith("@heddle/") ? undefined : { path, external: true },
          ),
      },
    ],
  });
}

export interface StartedPart {
  readonly url: string;
  /** Of a submitter: the run that it made; empty: it ended before it could say. */
  readonly runId: string;
  /** Resolves with the signal that ended it. */
  readonly ended: Promise<string | null>;
  readonly child: ChildProcess;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** A real process; it ends with this one at the latest. */
export async function startPart(part: Part): Promise<StartedPart> {
  const child = fork(bundle, [JSON.stringify(part)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ended = new Promise<string | null>((resolve) => {
    child.once("exit", (_, signal) => resolve(signal));
  });
  const said = await Promise.race([
    once(child, "message").then(([saying]) => sayingSchema.parse(saying)),
    ended.then(() => null),
  ]);
  return {
    url: said !== null && "url" in said ? said.url : "",
    runId: said !== null && "runId" in said ? said.runId : "",
    ended,
    child,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await ended;
    },
  };
}
