import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { CrashPoint } from "@heddle/core";

export type PartKind = "web" | "orchestrator" | "runner";

export interface PartSpec {
  readonly name: string;
  readonly kind: PartKind;
  /** Arguments of `node`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Its output is added to a file of its name in here. */
  readonly logs: string;
  /** Answers 200 when it serves; null: it serves nobody. */
  readonly health: string | null;
}

export interface Ended {
  readonly ms: number;
  /** Null: by a signal. */
  readonly exitCode: number | null;
}

/** One process of Heddle as it runs in production, which a scenario kills, stops and starts again. */
export class Part {
  readonly spec: PartSpec;
  #child: ChildProcess | undefined;

  constructor(spec: PartSpec) {
    this.spec = spec;
  }

  /** With a crash point it ends by itself where it first comes by it. Returns before it serves. */
  start(crashAt?: CrashPoint): void {
    const { args, env, cwd, logs, name } = this.spec;
    const log = openSync(join(logs, `${name}.log`), "a");
    const armed = crashAt === undefined ? {} : { HEDDLE_CRASH_AT: crashAt };
    this.#child = spawn(process.execPath, [...args], {
      cwd,
      env: { ...env, ...armed },
      // Its end of the pipe tells it when this process is gone.
      stdio: ["pipe", log, log],
    });
    closeSync(log);
  }

  /** Resolves when it answers. Throws when it does not within a minute. */
  async serves(): Promise<void> {
    const { health, name } = this.spec;
    if (health === null) return;
    for (const until = performance.now() + 60_000; performance.now() < until;) {
      if (await answers(health)) return;
      await setTimeout(50);
    }
    throw new Error(`The ${name} does not answer at ${health}`);
  }

  get runs(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process has ended, whoever ended it; false: it still runs after `withinMs`. */
  async ended(withinMs: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined || !this.runs) return true;
    const timer = new AbortController();
    const ended = await Promise.race([
      once(child, "exit").then(() => true),
      setTimeout(withinMs, false, { signal: timer.signal }),
    ]);
    timer.abort();
    return ended;
  }

  async kill(): Promise<void> {
    if (!this.runs) return;
    this.#child?.kill("SIGKILL");
    await this.ended(10_000);
  }

  /** `SIGTERM`, and how long it took. Throws when it has not ended after `withinMs`. */
  async end(withinMs: number): Promise<Ended> {
    const before = performance.now();
    this.#child?.kill("SIGTERM");
    if (!(await this.ended(withinMs)))
      throw new Error(`The ${this.spec.name} still runs ${withinMs} ms after SIGTERM`);
    return { ms: performance.now() - before, exitCode: this.#child?.exitCode ?? null };
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
