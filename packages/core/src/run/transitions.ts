import type { RunStatus, StepStatus } from "../run.ts";

/** Every change of a run's status that may happen; the SQL of the engine holds to the same table. */
export const runTransitions: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  QUEUED: ["RUNNING", "PAUSED", "CANCELED", "EXPIRED"],
  RUNNING: ["PAUSED", "CANCELING", "SUCCEEDED", "FAILED", "CANCELED", "EXPIRED"],
  /** Nothing is leased any more. Back to where it was; or over, when what was still leased was the last of it. */
  PAUSED: ["QUEUED", "RUNNING", "CANCELING", "SUCCEEDED", "FAILED", "CANCELED"],
  /** Cancel was asked for while something was leased; whatever comes back now, the run ends canceled. */
  CANCELING: ["CANCELED"],
  SUCCEEDED: [],
  FAILED: [],
  CANCELED: [],
  EXPIRED: [],
};

/** Every change of a step's status that may happen. */
export const stepTransitions: Readonly<Record<StepStatus, readonly StepStatus[]>> = {
  BLOCKED: ["READY", "CANCELED", "SKIPPED"],
  /** Straight to an end: evaluated in place, or found in the cache. */
  READY: ["LEASED", "EXPANDED", "WAITING", "SUCCEEDED", "FAILED", "CANCELED"],
  /** Back to READY: the lease was lost, or the error may pass. */
  LEASED: ["READY", "SUCCEEDED", "FAILED", "CANCELED"],
  EXPANDED: ["SUCCEEDED", "FAILED", "CANCELED"],
  /** Approved, declined, or no longer asked. */
  WAITING: ["SUCCEEDED", "FAILED", "CANCELED"],
  SUCCEEDED: [],
  FAILED: [],
  CANCELED: [],
  SKIPPED: [],
};
