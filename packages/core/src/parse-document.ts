import type { z } from "zod";
import { documentSchema, documentVersion, type Document } from "./document.ts";
import { inspectJson } from "./inspect-json.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { migrateDocument } from "./migrate-document.ts";
import type { Problem } from "./problem.ts";

export type ParseDocumentResult =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Reads untrusted JSON as a document: checks depth, size and counts before anything recursive runs, migrates an
 * older version forward, refuses a newer one, and fills in defaults. Never throws. What a document means
 * (types, ports, parameters) is `compile`'s matter.
 */
export function parseDocument(json: unknown, limits: Limits = defaultLimits): ParseDocumentResult {
  if (!isRecord(json)) return failed("A document is a JSON object");
  const version = readVersion(json);
  if (typeof version !== "number") return { ok: false, problems: [version] };
  const tooMany = countProblems(json, limits);
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const unsafe = inspectJson(json, limits);
  if (unsafe !== null) return { ok: false, problems: [atNode(unsafe)] };
  const current = migrateDocument(json, { from: version, to: documentVersion });
  if (current === null) return failed(`There is no document version ${version}`, "heddle");
  const parsed = documentSchema.safeParse(current);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(issueProblem) };
  const repeated = repeatedIds(parsed.data);
  if (repeated.length > 0) return { ok: false, problems: repeated };
  return { ok: true, document: parsed.data };
}

function readVersion(json: Readonly<Record<string, unknown>>): number | Problem {
  const version = json["heddle"];
  if (typeof version !== "number" || !Number.isInteger(version)) {
    return invalid('This is not a Heddle document: "heddle" must be its version number', "heddle");
  }
  if (version <= documentVersion) return version;
  return {
    code: "document_newer",
    message: `This document is of version ${version}; this Heddle reads up to ${documentVersion}. Update Heddle to open it`,
    path: "heddle",
  };
}

/** Counted before anything looks at them one by one. */
function countProblems(json: Readonly<Record<string, unknown>>, limits: Limits): Problem[] {
  const problems: Problem[] = [];
  const { nodes, edges } = json;
  const nodeCount = isRecord(nodes) ? Object.keys(nodes).length : 0;
  const edgeCount = Array.isArray(edges) ? edges.length : 0;
  if (nodeCount > limits.nodes) {
    problems.push(tooMany(`${nodeCount} nodes`, limits.nodes, "nodes"));
  }
  if (edgeCount > limits.edges) {
    problems.push(tooMany(`${edgeCount} wires`, limits.edges, "edges"));
  }
  return problems;
}

function tooMany(what: string, limit: number, name: "nodes" | "edges"): Problem {
  return {
    code: "limit",
    message: `The document has ${what}; at most ${limit} are allowed (limit ${name})`,
    path: name,
  };
}

function repeatedIds(document: Document): Problem[] {
  return (["edges", "notes"] as const).flatMap((kind) => {
    const seen = new Set<string>();
    return document[kind].flatMap(({ id }, index) => {
      if (!seen.has(id)) {
        seen.add(id);
        return [];
      }
      return [invalid(`The id "${id}" is used twice in ${kind}`, `${kind}.${index}.id`)];
    });
  });
}

function issueProblem(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String).join(".");
  const problem = invalid(`${path || "The document"}: ${issue.message}`, path);
  const [first, nodeId] = issue.path;
  return first === "nodes" && typeof nodeId === "string" ? { ...problem, nodeId } : problem;
}

/** Names the node that a path leads into. */
function atNode(problem: Problem): Problem {
  const nodeId = /^nodes\.([A-Za-z0-9_-]+)\./.exec(problem.path ?? "")?.[1];
  return nodeId === undefined ? problem : { ...problem, nodeId };
}

function failed(message: string, path = ""): ParseDocumentResult {
  return { ok: false, problems: [invalid(message, path)] };
}

function invalid(message: string, path: string): Problem {
  return { code: "document_invalid", message, path };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
