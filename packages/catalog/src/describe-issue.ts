import type { Field } from "@heddle/core";
import type { z } from "zod";

/** What zod found wrong, as the end of a sentence that starts with the field's name: `must be at most 16384 px`. */
export function describeIssue(field: Field | undefined, issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") return describeType(field, issue);
  if (issue.code === "too_big" || issue.code === "too_small") return describeSize(field, issue);
  if (issue.code === "invalid_value" && field?.options !== undefined) {
    return `must be one of ${field.options.map(({ value }) => value).join(", ")}`;
  }
  if (issue.code === "unrecognized_keys") {
    return `has no parameter called ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
  }
  return issue.message;
}

function describeType(field: Field | undefined, issue: z.core.$ZodIssueInvalidType): string {
  if (field?.kind === "port") return "needs something wired into it";
  if (issue.expected === "int") return "must be a whole number";
  const words: Partial<Record<string, string>> = {
    number: "a number",
    string: "a text",
    boolean: "on or off",
    array: "a list",
  };
  return `must be ${words[issue.expected] ?? "something else"}`;
}

function describeSize(
  field: Field | undefined,
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
): string {
  const big = issue.code === "too_big";
  const bound = big ? issue.maximum : issue.minimum;
  const limit = `${big ? "at most" : "at least"} ${bound}`;
  if (issue.origin === "string")
    return `must have ${limit} ${bound === 1 ? "character" : "characters"}`;
  if (issue.origin === "array") return `must have ${limit} ${bound === 1 ? "item" : "items"}`;
  return `must be ${limit}${field?.unit === undefined ? "" : ` ${field.unit}`}`;
}
