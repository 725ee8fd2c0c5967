import type { Limits } from "../limits.ts";
import { describeWanted, type PortType, type Value } from "../media.ts";
import type { Problem } from "../problem.ts";
import { valueToJson } from "../value-json.ts";
import type { DeclaredInput } from "./describe-interface.ts";
import { fieldProblem, sizeProblem } from "./field-problem.ts";

/** `must be …`: why the declared input cannot take this value; null: it can. */
export function valueProblem(declared: DeclaredInput, value: Value, limits: Limits): string | null {
  const { type } = declared.field;
  if (!fits(value, type)) return `must be ${describeWanted(type)}, got ${describeValue(value)}`;
  const json = valueToJson(value);
  if (Array.isArray(json) && json.length > limits.fanOut) {
    return `has ${json.length} items; at most ${limits.fanOut} are allowed (limit fanOut)`;
  }
  for (const item of Array.isArray(json) ? json : [json]) {
    const problem = sizeProblem(item, limits);
    if (problem !== null) return problem;
  }
  return fieldProblem(declared.field, json);
}

export function inputProblem(declared: DeclaredInput, wrong: string): Problem {
  return {
    code: "input_invalid",
    message: `Input "${declared.name}" ${wrong}`,
    nodeId: declared.nodeId,
    path: `input.${declared.name}`,
  };
}

export function missingInput(declared: DeclaredInput): Problem {
  return {
    code: "input_missing",
    message: `Input "${declared.name}" needs a value: give ${describeWanted(declared.field.type)}`,
    nodeId: declared.nodeId,
    path: `input.${declared.name}`,
  };
}

export function unknownInputs(
  declared: readonly DeclaredInput[],
  names: readonly string[],
): Problem[] {
  const known = new Set(declared.map(({ name }) => name));
  const takes =
    known.size === 0 ? "this workflow takes none" : `this workflow takes ${[...known].join(", ")}`;
  return names
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: "input_unknown",
      message: `There is no input "${name}"; ${takes}`,
      path: `input.${name}`,
    }));
}

function fits(value: Value, type: PortType): boolean {
  if (value.media !== "list") return !type.list && sameMedia(value.media, type);
  const { of } = value;
  return type.list && sameMedia(of, type) && value.items.every((item) => item.media === of);
}

function sameMedia(media: string, type: PortType): boolean {
  return type.media === "any" || type.media === media;
}

function describeValue(value: Value): string {
  return value.media === "list" ? `list of ${value.of}` : value.media;
}
