import { AppError, type Problem } from "@heddle/core";
import type { z } from "zod";

/** The body in the form that the schema gives it. Throws AppError `invalid` with everything that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(describeIssue);
  throw new AppError("invalid", `The body is not valid: ${problems[0]?.message ?? "unknown"}`, {
    problems,
  });
}

function describeIssue(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String).join(".");
  return {
    code: "input_invalid",
    message: `${path === "" ? "The body" : path}: ${issue.message}`,
    path,
  };
}
