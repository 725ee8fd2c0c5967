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

/** Not when the run is being cancelled, nor when another item of the same mapped step has failed. */
function isWanted(work: RunWork, step: WorkStep): boolean {
  if (work.run.status !== "RUNNING") return false;
  return step.parentId === null || work.steps.get(step.parentId)?.error === null;
}

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
