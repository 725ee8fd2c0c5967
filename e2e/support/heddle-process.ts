import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The checkout that these tests are part of. */
export const checkout = path.resolve(import.meta.dirname, "../..");

export interface StartOptions {
  readonly dataFolder: string;
  readonly port: number;
  /** Another checkout than this one. */
  readonly checkout?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as this user (root only). */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Instead of `node apps/cli/start.mjs`. */
  readonly command?: readonly [string, ...string[]];
}

/** One `npm start`, with everything it said. */
export class HeddleProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = "";

  constructor(options: StartOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
    const [command, ...args] = options.command ?? [process.execPath, "apps/cli/start.mjs"];
    this.child = spawn(command, args, {
      cwd: options.checkout ?? checkout,
      env: {
        ...withoutSettings(process.env),
        PORT: String(options.port),
        HEDDLE_DATA_DIR: options.dataFolder,
        ...options.env,
      },
      ...options.user,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer) => (this.#output += chunk.toString());
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
    this.#exited = new Promise((resolve) => this.child.once("close", resolve));
  }

  get output(): string {
    return this.#output;
  }

  /** Milliseconds until `/api/health` answered 200. */
  async untilHealthy(withinMs = 120_000): Promise<number> {
    const startedAt = performance.now();
    while (performance.now() - startedAt < withinMs) {
      if (this.child.exitCode !== null)
        throw new Error(`ended before it was well:\n${this.#output}`);
      if (await isHealthy(this.url)) return performance.now() - startedAt;
      await delay(100);
    }
    throw new Error(`not well after ${withinMs} ms:\n${this.#output}`);
  }

  async untilSaid(pattern: RegExp, withinMs = 60_000): Promise<void> {
    const startedAt = performance.now();
    while (!pattern.test(this.#output)) {
      if (performance.now() - startedAt > withinMs) {
        throw new Error(`${pattern} was not said within ${withinMs} ms:\n${this.#output}`);
      }
      await delay(50);
    }
  }

  /** Asks it to end; gives its exit status. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.child.kill(signal);
    return await this.#exited;
  }

  /** What Ctrl-C does: a signal for the whole process group. */
  async interrupt(): Promise<number | null> {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGINT");
    return await this.#exited;
  }

  async untilExit(): Promise<number | null> {
    return await this.#exited;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (
      (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) })).status === 200
    );
  } catch {
    return false;
  }
}

/** Settings of the person who runs the tests are not those of the servers under test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const settings =
    /^(HEDDLE_|npm_)|^(PORT|HOST|DATABASE_URL|QUEUE_URL|BLOB_URL|PUBLIC_URL|NODE_ENV|VITEST.*|TEST|CI)$/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !settings.test(name)));
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** A folder for one test's data; `dispose` removes it and what lies outside of it on its behalf. */
export function temporaryFolder(
  prefix: string,
  parent = tmpdir(),
): { path: string; dispose: () => void } {
  const folder = mkdtempSync(path.join(parent, prefix));
  return {
    path: folder,
    dispose: () => {
      removeOutside(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Root's database may lie in /var/lib/heddle, with the name of its data folder beside it. */
function removeOutside(folder: string): void {
  const outside = "/var/lib/heddle";
  if (process.getuid?.() !== 0 || !existsSync(outside)) return;
  for (const name of readdirSync(outside)) {
    const owner = path.join(outside, name, "data-folder.txt");
    if (!existsSync(owner)) continue;
    const dataFolder = readFileSync(owner, "utf8").trim();
    if (dataFolder === folder || dataFolder.startsWith(`${folder}/`)) {
      rmSync(path.join(outside, name), { recursive: true, force: true });
    }
  }
}
