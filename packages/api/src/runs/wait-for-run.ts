import { AppError, isTerminalRun } from "@heddle/core";
import { getRun, type RunKey, type RunView } from "@heddle/db";
import type { Api } from "../api.ts";
import { listenToRun } from "./wake-ups.ts";

/** Read again at least this often, in case news got lost. */
const recheckMs = 2_000;

/** The run once it has ended, or as it is after `waitMs` or when the caller has gone. Throws AppError `not_found`. */
export async function waitForRun(
  api: Api,
  key: RunKey,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal },
): Promise<RunView> {
  const wakeUps = listenToRun(api, key.runId, signal);
  const endsAt = api.now() + waitMs;
  try {
    for (;;) {
      const run = await findRun(api, key);
      const leftMs = endsAt - api.now();
      if (isTerminalRun(run.status) || leftMs <= 0 || signal.aborted) return run;
      await wakeUps.next(Math.min(leftMs, recheckMs));
    }
  } finally {
    wakeUps.stop();
  }
}

/** Throws AppError `not_found` for a run that is not there or not this workspace's, and does not tell which. */
export async function findRun(api: Api, key: RunKey): Promise<RunView> {
  const run = await getRun(api.database, key);
  if (run === null) throw new AppError("not_found", `There is no run ${key.runId}`);
  return run;
}
