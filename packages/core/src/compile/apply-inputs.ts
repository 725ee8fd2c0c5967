import {
  inputProblem,
  missingInput,
  unknownInputs,
  valueProblem,
} from "../interface/check-inputs.ts";
import type { DeclaredInput } from "../interface/describe-interface.ts";
import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Problem } from "../problem.ts";
import { valueToJson } from "../value-json.ts";
import type { CompileOptions } from "./compile-options.ts";

export interface AppliedInputs {
  /** The run's own value of an input node, by node id. */
  readonly values: ReadonlyMap<string, Json>;
  readonly problems: readonly Problem[];
  /** Inputs that have no value at all, by node id: in the way only of a plan that needs them. */
  readonly missing: ReadonlyMap<string, Problem>;
}

/** Puts what the run brings in the place of the workflow's own values. */
export function applyInputs(
  declared: readonly DeclaredInput[],
  options: CompileOptions,
  limits: Limits,
): AppliedInputs {
  const given = options.inputs ?? {};
  const problems = unknownInputs(declared, Object.keys(given));
  const values = new Map<string, Json>();
  const missing = new Map<string, Problem>();
  for (const one of declared) {
    const value = Object.hasOwn(given, one.name) ? given[one.name] : undefined;
    if (value === undefined) {
      if (one.required && options.requireInputs) missing.set(one.nodeId, missingInput(one));
      continue;
    }
    const wrong = valueProblem(one, value, limits);
    if (wrong === null) values.set(one.nodeId, valueToJson(value));
    else problems.push(inputProblem(one, wrong));
  }
  return { values, problems, missing };
}
