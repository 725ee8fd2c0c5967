import {
  cacheKey,
  collectItems,
  defaultLimits,
  expandItems,
  parentSteps,
  resolveInputs,
  type Plan,
  type PlanStep,
  type Value,
} from "@heddle/core";
import type { Database } from "../database.ts";
import type { EngineOptions } from "./change-run.ts";
import { evaluateStep, prepareStep } from "./prepare-step.ts";

export interface CachedStepsOptions extends EngineOptions {
  readonly workspaceId: string;
  readonly plan: Plan;
}

type Outputs = Readonly<Record<string, Value>>;

/** One execution of a step (an item, for a mapped one): its outputs, or the key under which they might be found. */
type Execution = { readonly outputs: Outputs } | { readonly cacheKey: string };

/**
 * Ids of the steps whose result is there already, so that a run now would not execute them. Steps behind one that has to
 * be executed are unknown, and count as not there. Reads only; what it says may be outdated when the run comes.
 */
export async function cachedSteps(
  database: Database,
  options: CachedStepsOptions,
): Promise<string[]> {
  const known = new Map<string, Outputs>();
  const reused: string[] = [];
  let open: readonly PlanStep[] = options.plan.steps;
  while (open.length > 0) {
    const { ready, waiting } = splitReady(open, known);
    if (ready.length === 0) break;
    const executions = ready.map((step) => ({ step, runs: executionsOf(step, known, options) }));
    const found = await lookUp(
      database,
      options.workspaceId,
      executions.flatMap(({ runs }) => runs ?? []),
    );
    for (const { step, runs } of executions) {
      const outputs = runs === null ? null : gather(step, runs, found);
      if (outputs === null) continue;
      known.set(step.id, outputs);
      if (step.kind === "op") reused.push(step.id);
    }
    open = waiting;
  }
  return reused;
}

/** Steps whose inputs are all known. Evaluated ones among them make others known, so the plan's order is kept. */
function splitReady(open: readonly PlanStep[], known: ReadonlyMap<string, Outputs>) {
  const isReady = (step: PlanStep) => parentSteps(step).every((parent) => known.has(parent));
  return { ready: open.filter(isReady), waiting: open.filter((step) => !isReady(step)) };
}

/** Null: it would fail. */
function executionsOf(
  step: PlanStep,
  known: ReadonlyMap<string, Outputs>,
  { catalog, limits = defaultLimits }: CachedStepsOptions,
): Execution[] | null {
  const values = resolveInputs(step, (stepId, port) => known.get(stepId)?.[port]);
  const expanded =
    step.mapped.length === 0
      ? { ok: true as const, items: [values] }
      : expandItems(step, values, limits);
  if (!expanded.ok) return null;
  const executions: Execution[] = [];
  for (const item of expanded.items) {
    const result = prepareStep(step, item, catalog);
    if (!result.ok) return null;
    if (step.kind === "evaluate") {
      const evaluated = evaluateStep(result.nodeType, result.prepared);
      if (!evaluated.ok) return null;
      executions.push({ outputs: evaluated.outputs });
    } else {
      const { op = "", version, model } = step;
      executions.push({ cacheKey: cacheKey({ op, version, model, ...result.prepared }) });
    }
  }
  return executions;
}

async function lookUp(
  database: Database,
  workspaceId: string,
  executions: readonly Execution[],
): Promise<ReadonlyMap<string, Outputs>> {
  const keys = executions.flatMap((execution) =>
    "cacheKey" in execution ? [execution.cacheKey] : [],
  );
  if (keys.length === 0) return new Map();
  const { rows } = await database.pool.query<{ cache_key: string; outputs: Outputs }>({
    name: "cached_steps",
    text: `SELECT cache_key, outputs FROM cache_entry WHERE workspace_id = $1 AND cache_key = ANY ($2)`,
    values: [workspaceId, keys],
  });
  return new Map(rows.map((row) => [row.cache_key, row.outputs]));
}

/** Null unless every execution is known. */
function gather(
  step: PlanStep,
  executions: readonly Execution[],
  found: ReadonlyMap<string, Outputs>,
): Outputs | null {
  const outputs: Outputs[] = [];
  for (const execution of executions) {
    const known = "outputs" in execution ? execution.outputs : found.get(execution.cacheKey);
    if (known === undefined) return null;
    outputs.push(known);
  }
  return step.mapped.length === 0 ? (outputs[0] ?? null) : collectItems(step.outputs, outputs);
}
