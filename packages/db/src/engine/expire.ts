import { isTerminalRun } from "@heddle/core";
import type { Database } from "../database.ts";
import { changeRun, type ChangedRun, type EngineOptions } from "./change-run.ts";
import { failAttempt } from "./end-lease.ts";
import { readLive, readTasks, type RunWork } from "./run-work.ts";
import { cancel } from "./transitions.ts";
import type { Statement, Transaction } from "../transaction.ts";
import type { WorkStep } from "./work-step.ts";

/** Takes back the leases of one run that ran out. Returns how many. */
export function expireLeases(
  database: Database,
  options: EngineOptions & { readonly runId: string },
): Promise<ChangedRun<number>> {
  return changeRun(database, options, {
    runId: options.runId,
    read: (tx) => readExpired(tx, options.runId),
    apply: async (work) => {
      const expired = [...work.steps.values()].filter(({ status }) => status === "LEASED");
      for (const step of expired) {
        const message = "The runner that worked on this stopped answering";
        await failAttempt(work, step, {
          error: { class: "INFRA", code: "runner_lost", message },
          lost: true,
        });
      }
      return expired.length;
    },
    missing: 0,
  });
}

/** Ends a run whose time is up: everything at once, and what runners still hand in is refused. */
export function expireRun(
  database: Database,
  options: EngineOptions & { readonly runId: string },
): Promise<ChangedRun<boolean>> {
  return changeRun(database, options, {
    runId: options.runId,
    read: (tx) => readLive(tx, options.runId),
    apply: (work) => {
      const { status, deadlineAt, heldAt } = work.run;
      const due = !isTerminalRun(status) && heldAt === null && deadlineAt <= work.now;
      if (due) endInTime(work);
      return due;
    },
    missing: false,
  });
}

function endInTime(work: RunWork): void {
  for (const step of work.steps.values()) {
    if (step.status === "LEASED") {
      work.attempts.push({ step_id: step.id, epoch: step.epoch, outcome: "EXPIRED", error: null });
    }
    if (step.status !== "EXPANDED") cancel(work, step);
  }
  work.run.expires = work.run.status !== "CANCELING";
}

async function readExpired(tx: Transaction, runId: string): Promise<WorkStep[]> {
  // After the lock: a completion that came in meanwhile has won.
  const { rows } = await tx.query<{ id: string }>(findExpiredSql, [runId]);
  return rows.length === 0
    ? []
    : readTasks(
        tx,
        rows.map(({ id }) => id),
      );
}

const findExpiredSql: Statement = {
  name: "expire_find_leases",
  text: `SELECT id FROM step WHERE run_id = $1 AND status = 'LEASED' AND lease_expires_at < now()`,
};
