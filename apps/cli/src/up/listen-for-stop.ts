import type { Settings } from "../env.ts";

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
  const timer = startedByNpm(settings) ? setInterval(checkParent, parentCheckMs) : undefined;
  const parent = process.ppid;

  // npm's shell may die of a signal without handing it on. A terminal that merely closed its shell is another matter.
  function checkParent(): void {
    if (process.ppid === parent) return;
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
