import { AppError } from "@heddle/core";
import { pauseRun, resumeRun, type RunKey, type RunView } from "@heddle/db";
import type { Api } from "../api.ts";
import { ringAll } from "./ring-all.ts";
import { findRun } from "./wait-for-run.ts";

/**
 * Pauses a run or lets it go on, and gives it as it is then; a run that is not under way, or not paused, stays as it is.
 * Throws AppError `not_found`.
 */
export async function holdRun(api: Api, key: RunKey, change: "pause" | "resume"): Promise<RunView> {
  const { database, catalog, limits } = api;
  const hold = change === "pause" ? pauseRun : resumeRun;
  const { status, wake } = await hold(database, { ...key, catalog, limits });
  if (status === null) throw new AppError("not_found", `There is no run ${key.runId}`);
  await ringAll(api, wake);
  return findRun(api, key);
}
