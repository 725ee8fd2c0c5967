import {
  assert,
  cacheKey,
  collectItems,
  expandItems,
  parentSteps,
  resolveInputs,
  type NodeType,
  type StepError,
  type Value,
} from "@heddle/core";
import { newId } from "../new-id.ts";
import { evaluateStep, prepareStep, type PreparedStep } from "./prepare-step.ts";
import { reuseOrQueue, type Candidate } from "./reuse-or-queue.ts";
import { readByStepIds, remember, type RunWork } from "./run-work.ts";
import { askPerson, expand, fail, succeed } from "./transitions.ts";
import { itemOf, type WorkStep } from "./work-step.ts";

/** Starts every step that needs nothing any more: evaluates it, reuses a result, or queues it for a runner. */
export async function startUnblocked(work: RunWork): Promise<void> {
  const unblocked = work.unblocked.splice(0).filter(({ status }) => status === "BLOCKED");
  await readParents(work, unblocked);
  const candidates = unblocked.flatMap((step) => startStep(work, step));
  if (candidates.length > 0) await reuseOrQueue(work, candidates);
}

async function readParents(work: RunWork, steps: readonly WorkStep[]): Promise<void> {
  const missing = new Set(
    steps.flatMap(({ spec }) => parentSteps(spec)).filter((id) => !work.byStepId.has(id)),
  );
  if (missing.size > 0) remember(work, await readByStepIds(work.tx, work.run.id, [...missing]));
}

/** What is left for a runner, unless its result is known already. */
function startStep(work: RunWork, step: WorkStep): Candidate[] {
  const values = resolveInputs(
    step.spec,
    (stepId, port) => work.byStepId.get(stepId)?.outputs?.[port],
  );
  if (step.spec.mapped.length > 0) return startMapped(work, step, values);
  const prepared = prepare(work, step, values);
  if (!prepared.ok) {
    fail(work, step, prepared.error);
    return [];
  }
  if (step.op !== null) return [prepared.candidate];
  if (step.spec.kind === "approve") {
    askPerson(work, step, values);
    return [];
  }
  const evaluated = evaluateStep(prepared.nodeType, prepared.candidate.prepared);
  if (evaluated.ok) succeed(work, step, evaluated);
  else fail(work, step, evaluated.error);
  return [];
}

function startMapped(
  work: RunWork,
  step: WorkStep,
  values: Readonly<Record<string, Value>>,
): Candidate[] {
  const expanded = expandItems(step.spec, values, work.limits);
  if (!expanded.ok) {
    const title = work.catalog.get(step.spec.type)?.title ?? step.spec.type;
    fail(work, step, { ...expanded.error, message: `${title}: ${expanded.error.message}` });
    return [];
  }
  if (expanded.items.length === 0) {
    succeed(work, step, { outputs: collectItems(step.spec.outputs, []) });
    return [];
  }
  if (step.op === null) {
    evaluateItems(work, step, expanded.items);
    return [];
  }
  const candidates: Candidate[] = [];
  for (const [index, item] of expanded.items.entries()) {
    const row = itemOf(step, newId("stp"), index);
    const prepared = prepare(work, row, item);
    if (!prepared.ok) {
      fail(work, step, nameItem(prepared.error, index));
      return [];
    }
    candidates.push(prepared.candidate);
  }
  expand(
    work,
    step,
    candidates.map((candidate) => candidate.step),
  );
  return candidates;
}

/** Evaluated items need no rows of their own: they are over before anybody could look. */
function evaluateItems(
  work: RunWork,
  step: WorkStep,
  items: readonly Readonly<Record<string, Value>>[],
): void {
  const outputs: Readonly<Record<string, Value>>[] = [];
  for (const [index, item] of items.entries()) {
    const prepared = prepareStep(step.spec, item, work.catalog);
    const evaluated = prepared.ok ? evaluateStep(prepared.nodeType, prepared.prepared) : prepared;
    if (!evaluated.ok) return fail(work, step, nameItem(evaluated.error, index));
    outputs.push(evaluated.outputs);
  }
  succeed(work, step, { outputs: collectItems(step.spec.outputs, outputs) });
}

type Prepared =
  | {
      readonly ok: true;
      readonly nodeType: NodeType;
      readonly candidate: Candidate & { prepared: PreparedStep };
    }
  | { readonly ok: false; readonly error: StepError };

function prepare(work: RunWork, step: WorkStep, values: Readonly<Record<string, Value>>): Prepared {
  const result = prepareStep(step.spec, values, work.catalog);
  if (!result.ok) return result;
  const { nodeType, prepared } = result;
  return { ok: true, nodeType, candidate: { step, prepared, cacheKey: keyOf(step, prepared) } };
}

/** Empty for evaluated steps, which are always done anew: looking a result up costs more. */
function keyOf({ op, spec }: WorkStep, { params, inputs }: PreparedStep): string {
  if (op === null) return "";
  assert(spec.op === op, "the row and the plan name one op");
  return cacheKey({ op, version: spec.version, model: spec.model, params, inputs });
}

function nameItem(error: StepError, index: number): StepError {
  return { ...error, message: `Item ${index + 1}: ${error.message}` };
}
