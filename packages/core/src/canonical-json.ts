import { assert } from "./errors.ts";
import type { Json } from "./json.ts";

/** Anything that has a JSON form; `undefined` fields are left out. */
export type Canonical = Json | undefined | readonly Canonical[] | CanonicalObject;
interface CanonicalObject {
  readonly [key: string]: Canonical;
}

/**
 * One text per JSON value: keys sorted by UTF-16 code unit, no white space, −0 written as 0, numbers as ECMAScript
 * writes them (RFC 8785). Iterative, so any depth is safe. Throws on NaN and the infinities: parsed JSON has none.
 */
export function canonicalJson(json: Canonical): string {
  let text = "";
  /** What is still to be written, last first: ready text, or an array or object. */
  const rest: Part[] = [partOf(json)];
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (typeof part === "string") text += part;
    else if (isArray(part)) openArray(part, rest);
    else openObject(part, rest);
  }
  return text;
}

type Part = string | readonly Canonical[] | CanonicalObject;

/** Ready text where the value holds no other. */
function partOf(value: Canonical): Part {
  if (value === undefined || value === null) return "null";
  if (typeof value === "object") return value;
  if (typeof value !== "number") return JSON.stringify(value);
  assert(Number.isFinite(value), "a number in JSON must be finite");
  return value === 0 ? "0" : String(value);
}

function openArray(value: readonly Canonical[], rest: Part[]): void {
  rest.push("]");
  for (let index = value.length - 1; index >= 0; index -= 1) {
    rest.push(partOf(value[index]));
    if (index > 0) rest.push(",");
  }
  rest.push("[");
}

function openObject(value: CanonicalObject, rest: Part[]): void {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  keys.sort();
  rest.push("}");
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? "";
    rest.push(partOf(value[key]), `${index > 0 ? "," : ""}${JSON.stringify(key)}:`);
  }
  rest.push("{");
}

/** `Array.isArray` that also narrows read-only arrays. */
function isArray(value: Exclude<Part, string>): value is readonly Canonical[] {
  return Array.isArray(value);
}
