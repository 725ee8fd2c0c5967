import { AppError, type Problem } from "@heddle/core";
import type { z } from "zod";

/** The body in the form that the schema gives it. Throws AppError `invalid` with everything that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error);
}

/** What a schema has against a request, as the error that its sender gets. */
export function invalidRequest(error: z.core.$ZodError): AppError {
  const problems = error.issues.map(describeIssue);
  const [first] = problems;
  return new AppError("invalid", `The request is not valid: ${first?.message ?? "unknown"}`, {
    problems,
    cause: error,
  });
}

function describeIssue(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String).join(".");
  return {
    code: "input_invalid",
    message: `${path === "" ? "It" : path}: ${issue.message}`,
    path,
  };
}
