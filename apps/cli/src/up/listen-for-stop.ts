import type { Settings } from "../env.ts";
import { commandLineOf, parentOf } from "./process-identity.ts";

const parentCheckMs = 1_000;

interface StopHandlers {
  readonly stop: () => void;
  /** Asked a second time: end without waiting. */
  readonly stopNow: () => void;
}

/** Hears Ctrl-C, SIGTERM, a closed terminal and the end of npm. Returns what stops listening. */
export function listenForStop(settings: Settings, { stop, stopNow }: StopHandlers): () => void {
  let asked = false;
  const onSignal = () => {
    if (asked) stopNow();
    else stop();
    asked = true;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  const npm = startedByNpm(settings) ? npmProcesses() : [];
  const timer = npm.length === 0 ? undefined : setInterval(checkNpm, parentCheckMs);

  // npm or its shell may die of a signal without handing it on. A terminal that merely closed is another matter.
  function checkNpm(): void {
    if (npm.every(isRunning)) return;
    clearInterval(timer);
    onSignal();
  }

  return () => {
    clearInterval(timer);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function startedByNpm(settings: Settings): boolean {
  return settings.inherited.npm_lifecycle_event !== undefined;
}

/** npm, and the shell in between where that did not make room for us. */
function npmProcesses(): number[] {
  const shell = /^(\S*\/)?(sh|bash|dash|zsh|ash) -c /.test(commandLineOf(process.ppid));
  const above = shell ? parentOf(process.ppid) : null;
  return above === null ? [process.ppid] : [process.ppid, above];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
