import { isTerminalRun, type Catalog, type RunStatus } from "@heddle/core";
import type { Database } from "../database.ts";
import { changeRun } from "./change-run.ts";
import { readLive, type RunWork } from "./run-work.ts";
import { cancel, emit } from "./transitions.ts";

export interface RequestCancelOptions {
  readonly workspaceId: string;
  readonly runId: string;
}

/** Cancelling starts nothing, so it needs no node types. */
const noCatalog: Catalog = new Map();

/**
 * Cancels what no runner has yet, at once, and asks the runners to stop with the rest. Returns the run's status after
 * that; a run that is over stays as it is. Null when this workspace has no such run.
 */
export async function requestCancel(database: Database, options: RequestCancelOptions): Promise<RunStatus | null> {
  const { result, status } = await changeRun(
    database,
    { catalog: noCatalog },
    {
      runId: options.runId,
      read: (tx) => readLive(tx, options.runId),
      apply: (work) => {
        const own = work.run.workspaceId === options.workspaceId;
        if (own) cancelRun(work);
        return own;
      },
      missing: false,
    },
  );
  return result ? status : null;
}

function cancelRun(work: RunWork): void {
  const { run } = work;
  if (isTerminalRun(run.status) || run.cancelRequested) return;
  run.cancelRequested = true;
  const live = [...work.steps.values()];
  for (const step of live) if (step.status === "BLOCKED" || step.status === "READY") cancel(work, step);
  const leased = live.some(({ status }) => status === "LEASED");
  run.status = "CANCELING";
  if (leased) {
    emit(work, { type: "run.canceling" });
    work.canceling = true;
  }
}
