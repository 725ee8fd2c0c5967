import { assert, type Task } from "@heddle/core";
import type { Statement, Transaction } from "../transaction.ts";
import { readTasks, type RunWork } from "./run-work.ts";
import { lease } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

export interface LeaseWish {
  readonly ops: readonly string[];
  readonly leaseMs: number;
}

type OwnedWish = LeaseWish & { readonly runnerId: string };

/**
 * Gives steps that have just become READY to the runners whose results made them so, in the same transaction: the way
 * from node to node is then one commit and not two. Only while nothing else waits for a runner; otherwise everybody
 * queues, so that a long chain does not push in front of others.
 */
export interface NextLeases {
  /** Reads the tasks' rows, and in the same round trip whether anything waits. */
  readTasks(tx: Transaction, ids: readonly string[]): Promise<WorkStep[]>;
  lease(work: RunWork): Promise<void>;
  /** One for each wish. */
  leased(): (Task | null)[];
}

export function createNextLeases(wishes: readonly (OwnedWish | null)[]): NextLeases {
  let othersWait: Promise<boolean> = Promise.resolve(true);
  let tasks: (Task | null)[] = [];
  return {
    readTasks: (tx, ids) => {
      tasks = wishes.map(() => null);
      const ops = new Set(wishes.flatMap((wish) => wish?.ops ?? []));
      othersWait = ops.size === 0 ? Promise.resolve(true) : readOthersWait(tx, [...ops]);
      // Awaited later, or never when an earlier statement fails.
      othersWait.catch(() => {});
      return readTasks(tx, ids);
    },
    lease: async (work) => {
      if (work.run.status !== "RUNNING" || (await othersWait)) return;
      const ready = [...work.changed].filter((step) => isDue(step, work.now)).toSorted(inOrder);
      tasks = wishes.map((wish) => {
        const index =
          wish === null ? -1 : ready.findIndex(({ op }) => op !== null && wish.ops.includes(op));
        const [step] = index < 0 ? [] : ready.splice(index, 1);
        if (wish === null || step === undefined) return null;
        lease(work, step, wish);
        return toTask(work, step);
      });
      work.dispatchable = ready.length > 0;
    },
    leased: () => tasks,
  };
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

async function readOthersWait(tx: Transaction, ops: readonly string[]): Promise<boolean> {
  const { rows } = await tx.query<{ wait: boolean }>(othersWaitSql, [ops]);
  return rows[0]?.wait ?? true;
}

const othersWaitSql: Statement = {
  name: "lease_others_wait",
  text: `
    SELECT EXISTS (
      SELECT FROM step WHERE status = 'READY' AND NOT joined AND available_at <= now() AND op = ANY ($1)
    ) AS wait`,
};
