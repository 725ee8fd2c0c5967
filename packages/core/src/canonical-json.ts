import { assert } from "./errors.ts";
import type { Json } from "./json.ts";

/** Anything that has a JSON form; `undefined` fields are left out. */
export type Canonical =
  | Json
  | undefined
  | readonly Canonical[]
  | { readonly [key: string]: Canonical };

/**
 * One text per JSON value: keys sorted by UTF-16 code unit, no white space, −0 written as 0, numbers as ECMAScript
 * writes them (RFC 8785). Iterative, so any depth is safe. Throws on NaN and the infinities: parsed JSON has none.
 */
export function canonicalJson(json: Canonical): string {
  const out: string[] = [];
  /** What is still to be written, last first: ready text, or a value. */
  const rest: (Pending | string)[] = [{ value: json }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === "string") out.push(next);
    else write(next.value, out, rest);
  }
  return out.join("");
}

interface Pending {
  readonly value: Canonical;
}

function write(value: Canonical, out: string[], rest: (Pending | string)[]): void {
  if (value === undefined || value === null) {
    out.push("null");
  } else if (typeof value === "number") {
    assert(Number.isFinite(value), "a number in JSON must be finite");
    out.push(value === 0 ? "0" : String(value));
  } else if (typeof value !== "object") {
    out.push(JSON.stringify(value));
  } else if (isArray(value)) {
    out.push("[");
    rest.push("]");
    for (let index = value.length - 1; index >= 0; index -= 1) {
      rest.push({ value: value[index] });
      if (index > 0) rest.push(",");
    }
  } else {
    writeObject(value, out, rest);
  }
}

function writeObject(
  value: { readonly [key: string]: Canonical },
  out: string[],
  rest: (Pending | string)[],
): void {
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  out.push("{");
  rest.push("}");
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? "";
    rest.push({ value: value[key] }, `${JSON.stringify(key)}:`);
    if (index > 0) rest.push(",");
  }
}

/** `Array.isArray` that also narrows read-only arrays. */
function isArray(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}
