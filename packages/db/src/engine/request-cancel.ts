import { isTerminalRun, type Catalog, type RunStatus, type StepStatus } from "@heddle/core";
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
export async function requestCancel(
  database: Database,
  options: RequestCancelOptions,
): Promise<RunStatus | null> {
  let requested = false;
  const { result, status } = await changeRun(
    database,
    { catalog: noCatalog },
    {
      runId: options.runId,
      read: (tx) => readLive(tx, options.runId),
      apply: (work) => {
        const own = work.run.workspaceId === options.workspaceId;
        if (own) requested = cancelRun(work);
        return own;
      },
      finish: async (work) => {
        if (requested) tellRunners(work);
      },
      missing: false,
    },
  );
  return result ? status : null;
}

/** Nobody works on these. */
const cancelable: ReadonlySet<StepStatus> = new Set(["BLOCKED", "READY", "WAITING"]);

/** False: it is over, or being cancelled already. */
function cancelRun(work: RunWork): boolean {
  const { run } = work;
  if (isTerminalRun(run.status) || run.cancelRequested) return false;
  run.cancelRequested = true;
  run.status = "CANCELING";
  for (const step of work.steps.values()) {
    if (cancelable.has(step.status)) cancel(work, step);
  }
  return true;
}

/** A run that is over by now needs nobody to be told. */
function tellRunners(work: RunWork): void {
  if (work.run.status !== "CANCELING") return;
  emit(work, { type: "run.canceling" });
  work.canceling = true;
}
