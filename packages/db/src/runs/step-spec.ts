import type { Plan, PlanStep } from "@heddle/core";

/** What a step's row holds of the plan: enough to run it without reading the plan. */
export interface StepSpec extends PlanStep {
  /** Declared outputs of the run that this step gives. */
  readonly gives: readonly { readonly name: string; readonly port: string }[];
}

export function stepSpecs(plan: Plan): StepSpec[] {
  const gives = new Map<string, { name: string; port: string }[]>();
  for (const { name, step, port } of plan.outputs) {
    gives.set(step, [...(gives.get(step) ?? []), { name, port }]);
  }
  return plan.steps.map((step) => ({ ...step, gives: gives.get(step.id) ?? [] }));
}
