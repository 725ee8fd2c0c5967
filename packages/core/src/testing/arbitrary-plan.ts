import fc from "fast-check";
import type { Plan, PlanStep } from "../plan.ts";

/** A plan of `count` steps; `needs[i]` are the earlier steps that step i needs. */
export function planOfSteps(needs: readonly (readonly number[])[]): Plan {
  const estimate = { deviceMs: 0, costUsd: 0 };
  const steps = needs.map((parents, index): PlanStep => {
    const inputs = parents.map((parent) => [
      `in${parent}`,
      { kind: "step" as const, step: `s${parent}`, port: "out" },
    ]);
    return {
      id: `s${index}`,
      nodeIds: [`s${index}`],
      type: "noop",
      version: 1,
      kind: "op",
      op: "noop",
      params: {},
      inputs: Object.fromEntries(inputs),
      mapped: [],
      outputs: {},
      estimate,
    };
  });
  return { version: 1, steps, outputs: [], nodeSteps: {}, estimate };
}

/** Any acyclic plan of one to eight steps. */
export const arbitraryPlan: fc.Arbitrary<Plan> = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 })
  .map((picks) =>
    planOfSteps(
      picks.map((parents, index) => [
        ...new Set(index === 0 ? [] : parents.map((parent) => parent % index)),
      ]),
    ),
  );
