import { setTimeout as delay } from "node:timers/promises";

/** Resolves after the time, or as soon as the signal is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

/** What the promise resolves with, or undefined when that takes longer. */
export async function within<Result>(
  ms: number,
  promise: Promise<Result>,
): Promise<Result | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, done.signal).then(() => undefined)]);
  } finally {
    done.abort();
  }
}
