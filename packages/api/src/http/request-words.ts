import type { z } from "zod";

/**
 * What is wrong with a field of a request, as the end of a sentence that starts with its name. Undefined: what the schema
 * says itself.
 */
export function requestWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined) return "is missing";
      return `must be ${kinds[issue.expected] ?? issue.expected}, got ${kindOf(issue.input)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `has no field ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
    case "too_small":
      return sizeWords("at least", issue.minimum, issue);
    case "too_big":
      return sizeWords("at most", issue.maximum, issue);
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "custom":
      return undefined;
  }
}

const kinds: Readonly<Partial<Record<string, string>>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function kindOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  return kinds[typeof input] ?? typeof input;
}

interface Bound {
  readonly origin: string;
  /** Absent: yes. */
  readonly inclusive?: boolean | undefined;
}

function sizeWords(how: "at least" | "at most", bound: number | bigint, of: Bound): string {
  if (of.origin === "string") return `must have ${how} ${bound} characters`;
  if (of.origin === "array") return `must have ${how} ${bound} items`;
  if (of.inclusive !== false) return `must be ${how} ${bound}`;
  return `must be ${how === "at least" ? "more" : "less"} than ${bound}`;
}
