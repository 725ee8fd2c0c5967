import { AppError, parseDocument, type Document } from "@heddle/core";
import type { Api } from "../api.ts";

/** A document that came from outside. Throws AppError `invalid` with every problem. */
export function readDocument(api: Api, json: unknown): Document {
  const parsed = parseDocument(json, api.limits);
  if (parsed.ok) return parsed.document;
  const { problems } = parsed;
  throw new AppError("invalid", problems[0]?.message ?? "This is not a Heddle document", {
    problems,
  });
}
