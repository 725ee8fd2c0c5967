import { assert, defaultLimits, parseDocument, type Document, type Limits } from "@heddle/core";

/** A document that was accepted once stays readable when the limits are lowered. */
const noLimits: Limits = {
  ...defaultLimits,
  nodes: Number.POSITIVE_INFINITY,
  edges: Number.POSITIVE_INFINITY,
  jsonDepth: Number.POSITIVE_INFINITY,
  documentBytes: Number.POSITIVE_INFINITY,
};

/** A document column, migrated forward to the version of this code. */
export function readDocument(json: unknown): Document {
  const parsed = parseDocument(json, noLimits);
  assert(
    parsed.ok,
    `a stored document cannot be read: ${parsed.ok ? "" : parsed.problems[0]?.message}`,
  );
  return parsed.document;
}
