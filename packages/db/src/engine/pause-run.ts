import type { RunStatus } from "@heddle/core";
import type { Database } from "../database.ts";
import { advance } from "./advance-run.ts";
import { changeRun, type EngineOptions } from "./change-run.ts";
import { readIdle, readLive, type RunWork } from "./run-work.ts";
import { emit, park } from "./transitions.ts";

export interface PauseRunOptions extends EngineOptions {
  readonly workspaceId: string;
  readonly runId: string;
}

export interface PausedRun {
  /** After that; null: this workspace has no such run. */
  readonly status: RunStatus | null;
  /** Runs that waited for work that this one no longer does: to be advanced. */
  readonly wake: readonly string[];
}

/**
 * No step of the run is leased any more, and its deadline stands still, until it is resumed. What is leased already ends
 * by itself and counts; when it was the last, the run is over. A run that is not under way stays as it is.
 */
export async function pauseRun(database: Database, options: PauseRunOptions): Promise<PausedRun> {
  const { result, status, wake } = await changeRun(database, options, {
    runId: options.runId,
    read: (tx) => readLive(tx, options.runId),
    apply: (work) => isOwn(work, options) && pause(work),
    missing: false,
  });
  return { status: result ? status : null, wake };
}

function pause(work: RunWork): true {
  const { run } = work;
  if (run.status !== "QUEUED" && run.status !== "RUNNING") return true;
  run.status = "PAUSED";
  for (const step of work.steps.values()) if (step.status === "READY") park(work, step);
  emit(work, { type: "run.paused" });
  return true;
}

/**
 * Lets a paused run go on where it was: what others have made meanwhile is reused, the rest is queued. Any other run stays
 * as it is.
 */
export async function resumeRun(database: Database, options: PauseRunOptions): Promise<PausedRun> {
  const { result, status, wake } = await changeRun(database, options, {
    runId: options.runId,
    read: (tx) => readIdle(tx, options.runId),
    apply: async (work) => isOwn(work, options) && (await resume(work)),
    missing: false,
  });
  return { status: result ? status : null, wake };
}

async function resume(work: RunWork): Promise<true> {
  const { run } = work;
  if (run.status !== "PAUSED") return true;
  run.status = run.startedAt === null ? "QUEUED" : "RUNNING";
  emit(work, { type: "run.resumed" });
  await advance(work);
  return true;
}

function isOwn(work: RunWork, { workspaceId }: PauseRunOptions): boolean {
  return work.run.workspaceId === workspaceId;
}
