import {
  assertNever,
  type PortType,
  type StepError,
  type Task,
  type TaskResult,
  type Value,
} from "@heddle/core";
import type { Database } from "../database.ts";
import type { Statement, Transaction } from "../transaction.ts";
import { changeRun, type EngineOptions } from "./change-run.ts";
import { failAttempt, handBack } from "./end-lease.ts";
import { leaseNext, readReserved, type NextTasks } from "./next-leases.ts";
import { readTasks, type RunWork } from "./run-work.ts";
import type { StepNews } from "./step-news.ts";
import { readSwept, sweptError, type SweptBlobs } from "./swept-outputs.ts";
import { commitResult } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

export interface Completion {
  readonly runnerId: string;
  readonly taskId: string;
  readonly epoch: number;
  readonly result: TaskResult;
  /** The runner would take a task in return. */
  readonly wish?: boolean | undefined;
}

export interface CompleteTasksOptions extends EngineOptions {
  readonly runId: string;
  readonly completions: readonly Completion[];
  /** Absent: nobody gets a task in return. */
  readonly next?: NextTasks | undefined;
}

export interface CompletedTasks {
  /** One for each completion. False: the lease was lost and the result is thrown away. */
  readonly accepted: readonly boolean[];
  /** For each completion the task that its runner got in return, if any. */
  readonly leased: readonly (Task | null)[];
  /** Runs that waited for work that is over now: to be advanced. */
  readonly wake: readonly string[];
  /** Of the steps for runners that were changed. */
  readonly news: readonly StepNews[];
}

/**
 * Commits what runners hand in for one run, with everything that follows from it, in one transaction. A completion that
 * was committed before, because its answer was lost, is accepted again and changes nothing.
 */
export async function completeTasks(
  database: Database,
  options: CompleteTasksOptions,
): Promise<CompletedTasks> {
  const { runId, completions, next } = options;
  const ids = completions.map(({ taskId }) => taskId);
  const wishes = completions.map(({ runnerId, wish }) => (wish === true ? runnerId : null));
  let leased: readonly (Task | null)[] = completions.map(() => null);
  let sweptBlobs: SweptBlobs = new Map();
  const { result, wake, news } = await changeRun(database, options, {
    runId,
    read: async (tx) => {
      const [steps, waiting, swept] = await Promise.all([
        readTasks(tx, ids),
        next === undefined ? [] : readReserved(tx, next),
        readSwept(
          tx,
          completions.map(({ result }) => result),
        ),
      ]);
      sweptBlobs = swept;
      return [...steps, ...waiting];
    },
    apply: async (work) => {
      const accepted: boolean[] = [];
      for (const completion of completions)
        accepted.push(await complete(work, completion, sweptBlobs));
      return accepted;
    },
    finish: async (work) => {
      if (next !== undefined) leased = leaseNext(work, wishes, next);
    },
    missing: completions.map(() => false),
  });
  return { accepted: result, leased, wake, news };
}

async function complete(
  work: RunWork,
  completion: Completion,
  swept: SweptBlobs,
): Promise<boolean> {
  const step = work.steps.get(completion.taskId);
  const fits =
    step?.status === "LEASED" &&
    step.epoch === completion.epoch &&
    step.leaseOwner === completion.runnerId;
  if (!fits) return wasCommitted(work.tx, completion);
  const { result } = completion;
  switch (result.status) {
    case "succeeded": {
      const wrong = outputError(step, result.outputs) ?? sweptError(step, result, swept);
      if (wrong === null) commitResult(work, step, result);
      else await failAttempt(work, step, { error: wrong, lost: false });
      return true;
    }
    case "failed":
      await failAttempt(work, step, { error: toStepError(result.error), lost: false });
      return true;
    case "canceled":
      handBack(work, step);
      return true;
    default:
      return assertNever(result);
  }
}

function toStepError({
  portId,
  retryAfterMs,
  ...error
}: Extract<TaskResult, { status: "failed" }>["error"]): StepError {
  return {
    ...error,
    ...(portId !== undefined && { portId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The answer to a completion can get lost; the runner then sends the same again. */
async function wasCommitted(
  tx: Transaction,
  { taskId, epoch, runnerId }: Completion,
): Promise<boolean> {
  const { rows } = await tx.query<{ outcome: string | null }>(findAttemptSql, [
    taskId,
    epoch,
    runnerId,
  ]);
  const outcome = rows[0]?.outcome ?? null;
  return outcome !== null && outcome !== "LOST" && outcome !== "EXPIRED";
}

/** An op that does not keep to its node type is a fault of the platform, not of the workflow. */
function outputError(step: WorkStep, outputs: Readonly<Record<string, Value>>): StepError | null {
  for (const [name, type] of Object.entries(step.spec.outputs)) {
    const value = outputs[name];
    if (value === undefined || !isOfType(value, type, step.item !== null)) {
      return {
        class: "INFRA",
        code: "wrong_output",
        message: `The op ${step.op} gave no proper "${name}"`,
      };
    }
  }
  return null;
}

/** The types are those after mapping; an item of a mapped step gives one value. */
function isOfType(value: Value, type: PortType, isItem: boolean): boolean {
  const isList = type.list && !isItem;
  if ((value.media === "list") !== isList) return false;
  const media = value.media === "list" ? value.of : value.media;
  return type.media === "any" || type.media === media;
}

const findAttemptSql: Statement = {
  name: "complete_find_attempt",
  text: `SELECT outcome FROM step_attempt WHERE step_id = $1 AND epoch = $2 AND runner_id = $3`,
};
