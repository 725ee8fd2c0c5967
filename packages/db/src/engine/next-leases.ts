import { assert, type Json, type Task, type Value } from "@heddle/core";
import type { Statement, Transaction } from "../transaction.ts";
import type { RunWork } from "./run-work.ts";
import { listNews, type StepNews } from "./step-news.ts";
import { lease } from "./transitions.ts";
import { toWorkStep, workStepColumns, type WorkStep, type WorkStepRow } from "./work-step.ts";

export interface NextChoice {
  /** Of every step that the transaction changes. */
  readonly news: readonly StepNews[];
  /** Ids of those that could be leased in it. */
  readonly offered: ReadonlySet<string>;
  /** Who asks; null: nobody. */
  readonly runnerIds: readonly (string | null)[];
}

/**
 * Says which steps the runners get, one for each, or null: something else is due first, or the step is better done
 * elsewhere. Called within the transaction, and again when that is tried again.
 */
export type ChooseNext = (choice: NextChoice) => readonly (string | null)[];

export interface NextTasks {
  readonly leaseMs: number;
  /** READY steps of this run that the runners are to get if they still are, one for each completion; null: none yet. */
  readonly reserved: readonly (string | null)[];
  readonly choose: ChooseNext;
}

interface ReservedRow extends WorkStepRow {
  readonly params: Readonly<Record<string, Json>> | null;
  readonly inputs: Readonly<Record<string, Value>> | null;
}

/** The rows of what is reserved, with all that a task needs. */
export async function readReserved(
  tx: Transaction,
  { reserved }: NextTasks,
): Promise<readonly WorkStep[]> {
  const ids = reserved.flatMap((id) => id ?? []);
  if (ids.length === 0) return [];
  const { rows } = await tx.query<ReservedRow>(reservedSql, [ids]);
  return rows.map((row) => ({ ...toWorkStep(row), params: row.params, inputs: row.inputs }));
}

/**
 * Gives READY steps of the run that is being changed to the runners whose results have just come in, in the same
 * transaction: the way from node to node is then one commit and not two. Returns one for each runner that asks.
 */
export function leaseNext(
  work: RunWork,
  runnerIds: readonly (string | null)[],
  { reserved, choose, leaseMs }: NextTasks,
): readonly (Task | null)[] {
  const isRunning = work.run.status === "RUNNING";
  const still = runnerIds.map((_, index) => {
    const step = work.steps.get(reserved[index] ?? "");
    return isRunning && step !== undefined && isDue(step, work.now) ? step : undefined;
  });
  const asking = runnerIds.map((runnerId, index) => (still[index] ? null : runnerId));
  const steps = isRunning ? [...work.changed] : [];
  const offered = new Set(steps.filter((step) => isDue(step, work.now)).map(({ id }) => id));
  const chosen = choose({ news: listNews(work), offered, runnerIds: asking });
  return runnerIds.map((runnerId, index) => {
    const step = still[index] ?? work.steps.get(chosen[index] ?? "");
    if (runnerId === null || step === undefined) return null;
    lease(work, step, { runnerId, leaseMs });
    return toTask(work, step);
  });
}

/** Of one that is tried again the inputs are not at hand. */
function isDue(step: WorkStep, now: number): boolean {
  const { status, joined, availableAt, params } = step;
  return status === "READY" && !joined && (availableAt ?? now) <= now && params !== null;
}

function toTask(work: RunWork, step: WorkStep): Task {
  const { spec, op, params, inputs, cacheKey } = step;
  assert(
    op !== null && params !== null && inputs !== null && cacheKey !== null,
    "a READY step is complete",
  );
  return {
    taskId: step.id,
    epoch: step.epoch,
    runId: work.run.id,
    workspaceId: work.run.workspaceId,
    stepId: step.stepId,
    nodeIds: [...step.nodeIds],
    item: step.item,
    op,
    version: spec.version,
    ...(spec.model === undefined ? {} : { model: spec.model }),
    params: { ...params },
    inputs: { ...inputs },
    cacheKey,
    deadlineAt: new Date(work.run.deadlineAt).toISOString(),
  };
}

const reservedSql: Statement = {
  name: "lease_reserved",
  text: `SELECT s.params, s.inputs, ${workStepColumns} FROM step s WHERE s.id = ANY ($1)`,
};
