import { assert, type Json, type Task, type Value } from "@heddle/core";
import type { Statement, Transaction } from "../transaction.ts";
import { readTasks, type RunWork } from "./run-work.ts";
import { lease } from "./transitions.ts";
import { toWorkStep, workStepColumns, type WorkStep, type WorkStepRow } from "./work-step.ts";

export interface LeaseWish {
  readonly ops: readonly string[];
  readonly leaseMs: number;
  /** Steps of this workspace only; default: of all. */
  readonly workspaceId?: string | null | undefined;
}

type OwnedWish = LeaseWish & { readonly runnerId: string };

/**
 * Gives READY steps of the run that is being changed to the runners whose results have just come in, in the same
 * transaction: the way from node to node is then one commit and not two. What waits longest still comes first: a step of
 * another run that does ends this, and the dispatcher goes on in order.
 */
export class NextLeases {
  readonly #wishes: readonly (OwnedWish | null)[];
  #waiting: readonly WaitingStep[] = [];
  #leased: (Task | null)[];

  constructor(wishes: readonly (OwnedWish | null)[]) {
    this.#wishes = wishes;
    this.#leased = wishes.map(() => null);
  }

  /** Reads the tasks' rows, and in the same round trip what waits for runners that do these ops. */
  async readTasks(tx: Transaction, runId: string, ids: readonly string[]): Promise<WorkStep[]> {
    const ops = [...new Set(this.#wishes.flatMap((wish) => wish?.ops ?? []))];
    const waiting = ops.length === 0 ? [] : readWaiting(tx, { runId, ops, limit: ids.length });
    const [tasks, waits] = await Promise.all([readTasks(tx, ids), waiting]);
    this.#waiting = waits;
    return [...tasks, ...waits.flatMap(({ step }) => step ?? [])];
  }

  /** Leases as many steps as were wished for, the longest READY first. */
  lease(work: RunWork): void {
    this.#leased = this.#wishes.map(() => null);
    if (work.run.status !== "RUNNING") return;
    const queue = this.#inLine(work);
    for (const [index, wish] of this.#wishes.entries()) {
      if (wish === null || (wish.workspaceId ?? work.run.workspaceId) !== work.run.workspaceId)
        continue;
      const place = queue.findIndex(
        (step) => step === "foreign" || wish.ops.includes(step.op ?? ""),
      );
      const step = queue[place];
      if (step === undefined || step === "foreign") continue;
      queue.splice(place, 1);
      lease(work, step, wish);
      this.#leased[index] = toTask(work, step);
    }
    work.dispatchable &&= queue.length > 0;
  }

  /** One for each wish. */
  leased(): readonly (Task | null)[] {
    return this.#leased;
  }

  /** What was READY before, and then what has just become so. */
  #inLine(work: RunWork): (WorkStep | "foreign")[] {
    const before = this.#waiting.map(({ step }) =>
      step === null ? "foreign" : (work.steps.get(step.id) ?? step),
    );
    const earlier = new Set(before);
    const now = [...work.changed]
      .filter((step) => isDue(step, work.now) && !earlier.has(step))
      .toSorted(inOrder);
    const due = before.filter((step) => step === "foreign" || isDue(step, work.now));
    // When it was cut short, what comes next is not known.
    return this.#waiting.length < this.#wishes.length ? [...due, ...now] : [...due, "foreign"];
  }
}

/** Null: it belongs to another run. */
interface WaitingStep {
  readonly step: WorkStep | null;
}

function isDue(step: WorkStep, now: number): boolean {
  return (
    step.status === "READY" &&
    !step.joined &&
    (step.availableAt ?? now) <= now &&
    step.params !== null
  );
}

function inOrder(left: WorkStep, right: WorkStep): number {
  return left.ordinal - right.ordinal || (left.item ?? 0) - (right.item ?? 0);
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

interface WaitingRow extends WorkStepRow {
  readonly own: boolean;
  readonly params: Readonly<Record<string, Json>> | null;
  readonly inputs: Readonly<Record<string, Value>> | null;
}

async function readWaiting(
  tx: Transaction,
  {
    runId,
    ops,
    limit,
  }: { readonly runId: string; readonly ops: readonly string[]; readonly limit: number },
): Promise<WaitingStep[]> {
  const { rows } = await tx.query<WaitingRow>(waitingSql, [runId, ops, limit]);
  return rows.map((row) => ({
    step: row.own ? { ...toWorkStep(row), params: row.params, inputs: row.inputs } : null,
  }));
}

const waitingSql: Statement = {
  name: "lease_waiting",
  text: `
    SELECT s.run_id = $1 AS own, CASE WHEN s.run_id = $1 THEN s.params END AS params,
      CASE WHEN s.run_id = $1 THEN s.inputs END AS inputs, ${workStepColumns}
    FROM step s WHERE s.status = 'READY' AND NOT s.joined AND s.available_at <= now() AND s.op = ANY ($2)
    ORDER BY s.available_at, s.ordinal, s.item LIMIT $3`,
};
