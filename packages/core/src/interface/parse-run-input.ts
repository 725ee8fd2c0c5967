import { inspectJson } from "../inspect-json.ts";
import type { Json } from "../json.ts";
import { defaultLimits, type Limits } from "../limits.ts";
import { describeWanted, type PortType, type Value } from "../media.ts";
import type { Problem } from "../problem.ts";
import { jsonToValue } from "../value-json.ts";
import { inputProblem, missingInput, unknownInputs, valueProblem } from "./check-inputs.ts";
import type { DeclaredInput } from "./describe-interface.ts";
import { show } from "./field-problem.ts";

export type ParseRunInputResult =
  | { readonly ok: true; readonly values: Record<string, Value> }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Checks the `input` of a run against what the workflow declares; files are artifact references by now. Absent or null
 * takes the default. Gives every problem at once (`input_unknown`, `input_missing`, `input_invalid`); never throws.
 */
export function parseRunInput(
  declared: readonly DeclaredInput[],
  input: unknown,
  limits: Limits = defaultLimits,
): ParseRunInputResult {
  const read = readObject(input ?? {}, limits);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const problems = unknownInputs(declared, Object.keys(read.given));
  const values = new Map<string, Value>();
  for (const one of declared) {
    const json = Object.hasOwn(read.given, one.name) ? (read.given[one.name] ?? null) : null;
    if (json === null) {
      if (one.required) problems.push(missingInput(one));
      continue;
    }
    const value = jsonToValue(json, one.field.type);
    if (value !== null) values.set(one.name, value);
    const wrong =
      value === null
        ? `must be ${expected(one.field.type)}, got ${show(json)}`
        : valueProblem(one, value, limits);
    if (wrong !== null) problems.push(inputProblem(one, wrong));
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, values: Object.fromEntries(values) };
}

type ReadObject =
  | { readonly ok: true; readonly given: Readonly<Record<string, Json>> }
  | { readonly ok: false; readonly problem: Problem };

function readObject(input: unknown, limits: Limits): ReadObject {
  const unsafe = inspectJson(input, limits);
  if (unsafe !== null) {
    const path = ["input", unsafe.path].filter(Boolean).join(".");
    const code = unsafe.code === "limit" ? "limit" : "input_invalid";
    return { ok: false, problem: { ...unsafe, code, path } };
  }
  if (!isJsonObject(input)) {
    const message = "The input must be a JSON object: a value by input name";
    return { ok: false, problem: { code: "input_invalid", message, path: "input" } };
  }
  return { ok: true, given: input };
}

/** `inspectJson` has seen every value in it. */
function isJsonObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function expected(type: PortType): string {
  if (type.media === "text" || type.media === "number" || type.list) return describeWanted(type);
  return `a stored ${type.media} file`;
}
