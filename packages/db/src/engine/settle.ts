import { assert, collectItems, isTerminalRun, type StepError } from "@heddle/core";
import { readDescendants, readItems, readSteps, remember, type RunWork } from "./run-work.ts";
import { startUnblocked } from "./start-unblocked.ts";
import { cancel, emit, fail, skip, succeed } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

/**
 * Follows every consequence of what was changed until nothing is left to do, in memory, reading ahead in few and growing
 * bites: a chain of 2,000 evaluated steps takes a handful of reads, and a step with one waiting child takes one.
 */
export async function settle(work: RunWork): Promise<void> {
  for (;;) {
    if (work.ended.length > 0) await tellDependents(work);
    else if (work.unblocked.length > 0) await startUnblocked(work);
    else break;
  }
  finishRun(work);
  holdTime(work);
}

async function tellDependents(work: RunWork): Promise<void> {
  const ended = work.ended.splice(0);
  await readChildren(work, ended);
  await readParentsAndItems(work, ended);
  for (const step of ended) {
    if (step.item !== null) {
      itemEnded(work, step);
    } else {
      work.run.remaining -= 1;
      for (const id of step.children) tellChild(work, step, known(work, id));
    }
  }
}

function tellChild(work: RunWork, step: WorkStep, child: WorkStep): void {
  if (child.status !== "BLOCKED") return;
  if (step.status !== "SUCCEEDED") {
    return skip(
      work,
      child,
      `It needs ${step.nodeIds[0] ?? step.stepId}, which ${reasons[step.status] ?? "did not succeed"}`,
    );
  }
  assert(child.depsRemaining > 0, `step ${child.stepId} waits for something`);
  child.depsRemaining -= 1;
  work.changed.add(child);
  if (child.depsRemaining === 0) work.unblocked.push(child);
}

const reasons: Readonly<Record<string, string>> = {
  FAILED: "failed",
  SKIPPED: "was skipped",
  CANCELED: "was cancelled",
};

/** The first item that fails takes those along that no runner has yet; the mapped step ends when none is under way. */
function itemEnded(work: RunWork, item: WorkStep): void {
  assert(item.parentId !== null, "an item has a mapped step");
  const parent = known(work, item.parentId);
  if (parent.status !== "EXPANDED") return;
  parent.depsRemaining -= 1;
  work.changed.add(parent);
  const items = () => [...work.steps.values()].filter(({ parentId }) => parentId === parent.id);
  if (item.status === "FAILED" && parent.error === null) {
    parent.error = errorOfItem(item);
    for (const other of items()) if (other.status === "READY") cancel(work, other);
  }
  if (parent.depsRemaining === 0) endExpanded(work, parent, items());
}

function endExpanded(work: RunWork, parent: WorkStep, items: readonly WorkStep[]): void {
  const inOrder = items.toSorted((left, right) => (left.item ?? 0) - (right.item ?? 0));
  const failed = inOrder.find(({ status }) => status === "FAILED");
  if (failed !== undefined) return fail(work, parent, errorOfItem(failed));
  if (items.some(({ status }) => status === "CANCELED")) return cancel(work, parent);
  succeed(work, parent, {
    outputs: collectItems(
      parent.spec.outputs,
      inOrder.map(({ outputs }) => outputs ?? {}),
    ),
    loadMs: sum(items, "loadMs"),
    deviceMs: sum(items, "deviceMs"),
    costUsd: sum(items, "costUsd"),
    ...reusedFrom(items),
  });
}

/** A mapped step counts as reused when every item was. */
function reusedFrom(items: readonly WorkStep[]): { fromRunId?: string } {
  const fromRunId = items[0]?.fromRunId;
  return fromRunId !== null && fromRunId !== undefined && items.every(({ cached }) => cached)
    ? { fromRunId }
    : {};
}

function errorOfItem(item: WorkStep): StepError {
  assert(item.error !== null && item.item !== null, "a failed item has an error");
  return { ...item.error, message: `Item ${item.item + 1}: ${item.error.message}` };
}

function sum(items: readonly WorkStep[], field: "loadMs" | "deviceMs" | "costUsd"): number {
  return items.reduce((total, item) => total + item[field], 0);
}

function known(work: RunWork, id: string): WorkStep {
  const step = work.steps.get(id);
  assert(step !== undefined, `row ${id} was read`);
  return step;
}

async function readChildren(work: RunWork, ended: readonly WorkStep[]): Promise<void> {
  const missing = ended.filter((step) => step.children.some((id) => !work.steps.has(id)));
  if (missing.length === 0) return;
  // What failed takes everything behind it along, so that is read at once.
  const depth = missing.some(({ status }) => status !== "SUCCEEDED")
    ? Number.POSITIVE_INFINITY
    : work.lookAhead;
  remember(
    work,
    await readDescendants(
      work.tx,
      missing.map(({ id }) => id),
      depth,
    ),
  );
  work.lookAhead = Number.POSITIVE_INFINITY;
}

/** A mapped step needs all its items when the last one ends or one fails; before that its own row is enough. */
async function readParentsAndItems(work: RunWork, ended: readonly WorkStep[]): Promise<void> {
  const items = ended.filter((step) => step.parentId !== null);
  if (items.length === 0) return;
  const parentIds = [...new Set(items.flatMap(({ parentId }) => parentId ?? []))];
  const unknown = parentIds.filter((id) => !work.steps.has(id));
  if (unknown.length > 0) remember(work, await readSteps(work.tx, unknown));
  const needed = parentIds.filter((id) => {
    const own = items.filter(({ parentId }) => parentId === id);
    return (
      own.length >= known(work, id).depsRemaining ||
      own.some(({ status }) => status !== "SUCCEEDED")
    );
  });
  if (needed.length > 0) remember(work, await readItems(work.tx, needed));
}

/** While the run is paused or waits for a person its deadline stands still; after that it is later by as much. */
function holdTime({ run, now }: RunWork): void {
  const holds = !isTerminalRun(run.status) && (run.status === "PAUSED" || run.waiting > 0);
  if (holds) run.heldAt ??= now;
  else if (run.heldAt !== null) {
    run.deadlineAt += now - run.heldAt;
    run.heldAt = null;
  }
}

function finishRun(work: RunWork): void {
  const { run } = work;
  if (run.remaining > 0 || isTerminalRun(run.status)) return;
  if (run.status === "CANCELING") {
    run.status = "CANCELED";
    emit(work, { type: "run.canceled", costUsd: run.costUsd });
  } else if (run.expires) {
    run.status = "EXPIRED";
    emit(work, { type: "run.expired", costUsd: run.costUsd });
  } else if (run.error !== null) {
    run.status = "FAILED";
    emit(work, { type: "run.failed", costUsd: run.costUsd, error: run.error });
  } else {
    run.status = "SUCCEEDED";
    emit(work, { type: "run.succeeded", costUsd: run.costUsd });
  }
}
