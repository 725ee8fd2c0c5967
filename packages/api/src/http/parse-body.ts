import { AppError, type Problem } from "@heddle/core";
import type { z } from "zod";
import { requestWords } from "./request-words.ts";

/** The body in the form that the schema gives it. Throws AppError `invalid` with everything that is wrong. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  refusePrototypes(body);
  const parsed = schema.safeParse(body, { error: requestWords });
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error);
}

/** What a schema has against a request, as the error that its sender gets. */
export function invalidRequest(error: z.core.$ZodError): AppError {
  return refusal(error.issues.map(describeIssue), error);
}

/** Schemas pass over this key without a word, but nothing that is sent may be lost in silence. */
function refusePrototypes(body: unknown): void {
  if (!isRecord(body)) return;
  const inside = Object.entries(body).filter(([, value]) => isRecord(value) && hasPrototype(value));
  const paths = inside.map(([name]) => `${name}.__proto__`);
  if (hasPrototype(body)) paths.unshift("__proto__");
  if (paths.length === 0) return;
  throw refusal(
    paths.map((path) => ({
      code: "input_invalid",
      message: `${path} is a name that is not allowed; choose another`,
      path,
    })),
  );
}

function hasPrototype(value: object): boolean {
  return Object.hasOwn(value, "__proto__");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refusal(problems: readonly Problem[], cause?: unknown): AppError {
  const [first] = problems;
  return new AppError("invalid", `The request is not valid: ${first?.message ?? "unknown"}`, {
    problems,
    cause,
  });
}

function describeIssue(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String).join(".");
  const where = path === "" ? "the body" : path;
  // Words of ours go on with the sentence that the place begins; the schema library's own are a sentence.
  const between = /^[a-z]/.test(issue.message) ? " " : ": ";
  return { code: "input_invalid", message: `${where}${between}${issue.message}`, path };
}
