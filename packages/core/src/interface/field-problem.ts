import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Field } from "../node-type.ts";

/**
 * Why `json` cannot be the value of `field`, as the end of a sentence that starts with the field's name:
 * `must be between 0 and 3, got 9`. Null: nothing that the field's declaration forbids.
 */
export function fieldProblem(field: Field, json: Json): string | null {
  if (field.widget === "switch" || json === null) return null;
  if (field.type.list) return Array.isArray(json) ? itemsProblem(field, json) : null;
  if (field.type.media === "number") return numberProblem(field, json);
  return typeof json === "string" ? textProblem(field, json) : null;
}

/**
 * What a value of this size is refused with whatever its field says. Numbers beyond ±(2^53 − 1) are no longer exact.
 * Returns the end of a sentence, or null.
 */
export function sizeProblem(json: Json, limits: Pick<Limits, "textLength">): string | null {
  if (typeof json === "number" && !(Math.abs(json) <= Number.MAX_SAFE_INTEGER)) {
    return `must be a number between ±${Number.MAX_SAFE_INTEGER}, got ${json}`;
  }
  if (typeof json === "string" && json.length > limits.textLength) {
    return `is ${json.length} characters long; at most ${limits.textLength} are allowed (limit textLength)`;
  }
  return null;
}

function itemsProblem(field: Field, items: readonly Json[]): string | null {
  const single = { ...field, type: { ...field.type, list: false } };
  for (const [index, item] of items.entries()) {
    const problem = fieldProblem(single, item);
    if (problem !== null) return `item ${index + 1} ${problem}`;
  }
  return null;
}

function numberProblem(field: Field, json: Json): string | null {
  if (typeof json !== "number" || !Number.isFinite(json))
    return `must be a number, got ${show(json)}`;
  if (field.integer && !Number.isSafeInteger(json)) return `must be a whole number, got ${json}`;
  const { min = -Infinity, max = Infinity } = field;
  return json < min || json > max ? `must be ${range(field)}, got ${json}` : null;
}

function range({ min, max, unit }: Field): string {
  const ending = unit === undefined ? "" : ` ${unit}`;
  if (min === undefined) return `at most ${max}${ending}`;
  return max === undefined ? `at least ${min}${ending}` : `between ${min} and ${max}${ending}`;
}

function textProblem(field: Field, text: string): string | null {
  const { options, maxLength = Infinity } = field;
  if (options !== undefined && !options.some(({ value }) => value === text)) {
    return `must be one of ${options.map(({ value }) => value).join(", ")}; got ${show(text)}`;
  }
  if (text.length <= maxLength) return null;
  return `must have at most ${maxLength} characters, got ${text.length}`;
}

/** The value in a message, cut to a readable length. */
export function show(json: Json): string {
  const text = JSON.stringify(json);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
