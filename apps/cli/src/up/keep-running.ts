import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number } | null;
  /** Its output is added to this file; null: this terminal. */
  readonly logFile: string | null;
  /** How it is asked to end: by a signal, or by the end of its stdin. */
  readonly stopBy: "SIGTERM" | "stdin";
  /** After this time it is not asked any more. Milliseconds. */
  readonly stopGraceMs: number;
  /** Runs before every start. */
  readonly prepare?: () => Promise<void>;
  /** Ends it at once; absent: SIGKILL for it and its children. */
  readonly kill?: () => void;
}

export interface KeepHooks {
  readonly say: (line: string) => void;
  /** Called with every end that nobody asked for; true: it shall not be started again. */
  readonly gaveUp: (spec: ProcessSpec, deaths: number) => boolean;
}

export interface KeptProcess {
  readonly name: string;
  /** Asks it to end and waits until it has; from now on it is not started again. */
  stop(): Promise<void>;
  /** Ends it without waiting for what it does. */
  kill(): void;
}

const firstBackOffMs = 500;
const longestBackOffMs = 30_000;
/** Having run this long, a process counts as well again. */
const wellAfterMs = 60_000;
const largestLogBytes = 10 * 1024 * 1024;

/**
 * Starts a process and starts it again whenever it ends unasked, with a back-off that doubles. It leads a process group
 * of its own, so that Ctrl-C reaches only us and we choose the order of ending; its stdin is a pipe that ends with us.
 */
export function keepRunning(spec: ProcessSpec, hooks: KeepHooks): KeptProcess {
  return new Keeper(spec, hooks);
}

class Keeper implements KeptProcess {
  readonly name: string;
  readonly #spec: ProcessSpec;
  readonly #hooks: KeepHooks;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #child: ChildProcess | null = null;

  constructor(spec: ProcessSpec, hooks: KeepHooks) {
    this.name = spec.name;
    this.#spec = spec;
    this.#hooks = hooks;
    this.#done = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child !== null && !hasEnded(child)) {
      if (this.#spec.stopBy === "stdin") child.stdin?.end();
      else child.kill(this.#spec.stopBy);
    }
    const timer = setTimeout(() => this.kill(), this.#spec.stopGraceMs);
    await this.#done;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#child === null || hasEnded(this.#child)) return;
    if (this.#spec.kill !== undefined) this.#spec.kill();
    else killGroup(this.#child);
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    let deaths = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const end = await this.#runOnce();
      if (signal.aborted) return;
      deaths = performance.now() - startedAt > wellAfterMs ? 1 : deaths + 1;
      if (this.#hooks.gaveUp(this.#spec, deaths)) return;
      const waitMs = Math.min(firstBackOffMs * 2 ** (deaths - 1), longestBackOffMs);
      const again = `starting it again in ${waitMs / 1000} s`;
      this.#hooks.say(`${this.name} stopped (${end}); ${again}${seeLog(this.#spec)}`);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Resolves when the process has ended, with how, in words. */
  async #runOnce(): Promise<string> {
    try {
      await this.#spec.prepare?.();
      if (this.#stopping.signal.aborted) return "not started";
      this.#child = launch(this.#spec);
      return await endOf(this.#child);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

function launch(spec: ProcessSpec): ChildProcess {
  const log = spec.logFile === null ? null : openLog(spec.logFile);
  const output = log ?? "inherit";
  try {
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: { ...spec.env },
      ...spec.user,
      detached: true,
      stdio: ["pipe", output, output],
    });
    // Writing to a process that just died is no error of ours.
    child.stdin?.on("error", () => undefined);
    return child;
  } finally {
    if (log !== null) closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => {
      child.stdin?.destroy();
      resolve(signal === null ? `exit status ${status}` : `signal ${signal}`);
    });
  });
}

function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > largestLogBytes) {
    rmSync(`${file}.1`, { force: true });
    renameSync(file, `${file}.1`);
  }
  return openSync(file, "a", 0o600);
}

function seeLog(spec: ProcessSpec): string {
  return spec.logFile === null ? "" : ` (see ${spec.logFile})`;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone meanwhile.
  }
}
