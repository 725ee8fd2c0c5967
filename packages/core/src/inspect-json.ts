import type { Limits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { walkJson, type Visit } from "./walk-json.ts";

/**
 * Looks at untrusted JSON before any recursive code does: nesting, size, numbers without a JSON form, and names
 * that could reach a prototype. Iterative; stops at the first thing it finds. Null: nothing wrong.
 */
export function inspectJson(
  json: unknown,
  limits: Pick<Limits, "jsonDepth" | "documentBytes">,
): Problem | null {
  let sizeBytes = 0;
  for (const visit of walkJson(json)) {
    if (visit.depth > limits.jsonDepth) return tooDeep(limits.jsonDepth);
    sizeBytes += bytesOf(visit);
    if (sizeBytes > limits.documentBytes) return tooLarge(limits.documentBytes);
    const wrong = wrongWith(visit);
    if (wrong !== null) {
      const path = visit.path();
      return { code: "document_invalid", message: `${path || "The JSON"} ${wrong}`, path };
    }
  }
  return null;
}

function wrongWith({ value, key }: Visit): string | null {
  if (key === "__proto__") return "is a name that is not allowed; choose another";
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? null : `must be a finite number, got ${value}`;
    case "undefined":
    case "function":
    case "symbol":
    case "bigint":
      return `must be JSON, got ${typeof value}`;
    case "string":
    case "boolean":
    case "object":
      return null;
  }
}

/** Bytes of the JSON form, near enough: escapes are not counted. */
function bytesOf({ value, key }: Visit): number {
  const name = key === null ? 1 : textBytes(key) + 4;
  if (typeof value === "string") return name + textBytes(value) + 2;
  return name + (typeof value === "number" ? String(value).length : 2);
}

/** Length as UTF-8; a surrogate pair counts 2 × 2 = 4. */
function textBytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

function tooDeep(limit: number): Problem {
  return {
    code: "limit",
    message: `The JSON is nested deeper than ${limit} levels (limit jsonDepth)`,
  };
}

function tooLarge(limit: number): Problem {
  return {
    code: "limit",
    message: `The document is larger than ${limit.toLocaleString("en")} bytes (limit documentBytes)`,
  };
}
