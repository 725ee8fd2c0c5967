import { parentSteps, type ModelRef, type Plan, type PlanStep } from "@heddle/core";

/** What a step's row holds of the plan: enough to run it without reading the plan. */
export interface StepSpec extends PlanStep {
  /** Declared outputs of the run that this step gives. */
  readonly gives: readonly { readonly name: string; readonly port: string }[];
  /** Models of the steps that need this one's outputs, so that they can be loaded while it runs; absent in old rows. */
  readonly nextModels?: readonly ModelRef[];
}

export function stepSpecs(plan: Plan): StepSpec[] {
  const gives = new Map<string, { name: string; port: string }[]>();
  for (const { name, step, port } of plan.outputs) {
    gives.set(step, [...(gives.get(step) ?? []), { name, port }]);
  }
  const nextModels = modelsAfter(plan);
  return plan.steps.map((step) => ({
    ...step,
    gives: gives.get(step.id) ?? [],
    nextModels: [...(nextModels.get(step.id)?.values() ?? [])],
  }));
}

/** By step and hash. */
function modelsAfter({ steps }: Plan): ReadonlyMap<string, ReadonlyMap<string, ModelRef>> {
  const models = new Map<string, Map<string, ModelRef>>();
  for (const step of steps) {
    const { model } = step;
    if (model === undefined) continue;
    for (const parent of parentSteps(step)) {
      const known = models.get(parent) ?? new Map<string, ModelRef>();
      models.set(parent, known.set(model.sha256, model));
    }
  }
  return models;
}
