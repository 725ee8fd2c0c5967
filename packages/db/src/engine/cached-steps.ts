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
import { isWhole } from "../retention/whole-result.ts";
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
  const progress = new PlanProgress(options.plan);
  const reused: string[] = [];
  for (let ready = progress.takeReady(); ready.length > 0; ready = progress.takeReady()) {
    const executions = ready.map((step) => ({ step, runs: executionsOf(step, progress, options) }));
    const all = executions.flatMap(({ runs }) => runs ?? []);
    const found = await lookUp(database, options.workspaceId, all);
    for (const { step, runs } of executions) {
      const outputs = runs === null ? null : gather(step, runs, found);
      if (outputs === null) continue;
      progress.know(step, outputs);
      if (step.kind === "op") reused.push(step.id);
    }
  }
  return reused;
}

/** Which steps' outputs are known, and which can be looked at because of that. Every step and wire is visited once. */
class PlanProgress {
  readonly known = new Map<string, Outputs>();
  readonly #waitsFor = new Map<string, number>();
  readonly #children = new Map<string, PlanStep[]>();
  #ready: PlanStep[] = [];

  constructor({ steps }: Plan) {
    for (const step of steps) {
      const parents = parentSteps(step);
      this.#waitsFor.set(step.id, parents.length);
      if (parents.length === 0) this.#ready.push(step);
      for (const parent of parents) {
        const children = this.#children.get(parent);
        if (children === undefined) this.#children.set(parent, [step]);
        else children.push(step);
      }
    }
  }

  takeReady(): readonly PlanStep[] {
    return this.#ready.splice(0);
  }

  know(step: PlanStep, outputs: Outputs): void {
    this.known.set(step.id, outputs);
    for (const child of this.#children.get(step.id) ?? []) {
      const waitsFor = (this.#waitsFor.get(child.id) ?? 0) - 1;
      this.#waitsFor.set(child.id, waitsFor);
      if (waitsFor === 0) this.#ready.push(child);
    }
  }
}

/** Null: it would fail, or a person has to decide. */
function executionsOf(
  step: PlanStep,
  { known }: PlanProgress,
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
    if (step.kind === "approve") return null;
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
    text: `
      SELECT cache_key, outputs FROM cache_entry c
      WHERE c.workspace_id = $1 AND c.cache_key = ANY ($2) AND ${isWhole}`,
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
