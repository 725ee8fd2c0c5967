import { decideFailure, type StepError } from "@heddle/core";
import type { Statement } from "../transaction.ts";
import type { RunWork } from "./run-work.ts";
import { cancel, fail, retryLater } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

/** LEASED → READY or FAILED, by the class of the error and the attempts before; CANCELED when nobody wants it any more. */
export async function failAttempt(
  work: RunWork,
  step: WorkStep,
  { error, lost }: { readonly error: StepError; readonly lost: boolean },
): Promise<void> {
  step.infraFailures += 1;
  if (lostFileCodes.has(error.code)) forgetAncestors(work, step);
  work.attempts.push({
    step_id: step.id,
    epoch: step.epoch,
    outcome: lost ? "LOST" : error.class,
    error,
  });
  const decision = decideFailure({
    error,
    infraFailures: step.infraFailures,
    lostRunners: await countLostRunners(work, step, lost),
    random: work.random(),
  });
  if (!decision.retry && decision.error.class === "POISON") quarantine(work, step);
  if (!decision.retry) fail(work, step, decision.error);
  else if (isWanted(work, step)) retryLater(work, step, decision);
  else cancel(work, step);
}

/** The runner stops, or was told to cancel: the step goes to another one, or ends. */
export function handBack(work: RunWork, step: WorkStep): void {
  work.attempts.push({ step_id: step.id, epoch: step.epoch, outcome: "CANCELED", error: null });
  const error = {
    class: "INFRA" as const,
    code: "handed_back",
    message: "The runner handed the step back",
  };
  if (isWanted(work, step)) retryLater(work, step, { error, delayMs: 0 });
  else cancel(work, step);
}

/** Not when the run is being cancelled or is over, nor when another item of the same mapped step has failed. */
function isWanted(work: RunWork, step: WorkStep): boolean {
  if (work.run.status !== "RUNNING" && work.run.status !== "PAUSED") return false;
  return step.parentId === null || work.steps.get(step.parentId)?.error === null;
}

/** Whoever else wants the same must not lose its runners to it, nor this run when it is started again. */
function quarantine({ tx, run }: RunWork, step: WorkStep): void {
  void tx.query(quarantineSql, [run.workspaceId, step.cacheKey, run.id, step.id]);
}

const quarantineSql: Statement = {
  name: "lease_quarantine",
  text: `
    INSERT INTO quarantine (workspace_id, cache_key, run_id, step_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (workspace_id, cache_key)
    DO UPDATE SET run_id = excluded.run_id, step_id = excluded.step_id, created_at = excluded.created_at`,
};

/** What runners say when a stored file is gone or damaged. */
const lostFileCodes: ReadonlySet<string> = new Set(["blob_missing", "blob_corrupt"]);

/**
 * A result whose file is lost must not be reused: what led to this step is computed anew the next time, and makes the
 * file again.
 */
function forgetAncestors(work: RunWork, step: WorkStep): void {
  void work.tx.query(forgetSql, [work.run.workspaceId, step.parentId ?? step.id]);
}

const forgetSql: Statement = {
  name: "lease_forget",
  text: `
    WITH RECURSIVE ancestor(id) AS (
      SELECT from_id FROM step_edge WHERE to_id = $2
      UNION SELECT e.from_id FROM ancestor a JOIN step_edge e ON e.to_id = a.id
    ), computed AS (
      SELECT cache_key FROM step WHERE id IN (SELECT id FROM ancestor)
      UNION SELECT cache_key FROM step WHERE parent_id IN (SELECT id FROM ancestor)
    )
    DELETE FROM cache_entry WHERE workspace_id = $1 AND cache_key = ANY (ARRAY(SELECT cache_key FROM computed))`,
};

/** Distinct runners that were lost while they held this step. */
async function countLostRunners(work: RunWork, step: WorkStep, lost: boolean): Promise<number> {
  if (!lost && step.infraFailures === 1) return 0;
  const { rows } = await work.tx.query<{ count: number }>(countLostSql, [
    step.id,
    lost ? step.leaseOwner : null,
  ]);
  return rows[0]?.count ?? 0;
}

const countLostSql: Statement = {
  name: "lease_count_lost",
  text: `
    SELECT count(DISTINCT runner_id)::int AS count FROM (
      SELECT runner_id FROM step_attempt WHERE step_id = $1 AND outcome = 'LOST' UNION ALL SELECT $2::text
    ) lost`,
};
