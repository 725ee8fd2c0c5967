import type { Api } from "../api.ts";

export interface WakeUps {
  /**
   * Waits for news of the run, `nudge`, the end of `signal`, or `timeoutMs`; returns at once when some came since the last
   * call. True: something may have happened to the run, read the tables.
   */
  readonly next: (timeoutMs: number) => Promise<boolean>;
  /** Wakes the waiter for another reason than news of the run. */
  readonly nudge: () => void;
  readonly stop: () => void;
}

/**
 * News that something happened to a run. It may come too often or, after a broken connection, too late. Subscribes at once,
 * so that what happens between a read and `next` is not missed.
 */
export function listenToRun(api: Api, runId: string, signal: AbortSignal): WakeUps {
  let news = false;
  let awake = false;
  let wake: (() => void) | undefined;
  const nudge = () => {
    awake = true;
    wake?.();
  };
  const ring = () => {
    news = true;
    nudge();
  };
  // Run ids are unique and cannot be guessed, so a payload that holds one is about it.
  const unsubscribe = api.live.subscribe(
    "heddle_run",
    (payload) => (payload.includes(runId) ? ring() : undefined),
    ring,
  );
  signal.addEventListener("abort", nudge, { once: true });
  return {
    next: async (timeoutMs) => {
      if (!awake && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      const happened = news;
      news = false;
      awake = false;
      return happened;
    },
    nudge,
    stop: () => {
      unsubscribe();
      signal.removeEventListener("abort", nudge);
      wake?.();
    },
  };
}
