import type { z } from "zod";
import { declaredField, valueField } from "../interface/declared-field.ts";
import { fieldProblem, show, sizeProblem } from "../interface/field-problem.ts";
import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Field, NodeType } from "../node-type.ts";
import type { Problem } from "../problem.ts";
import { walkJson } from "../walk-json.ts";
import type { TypedNode } from "./typed-node.ts";

type Params = Readonly<Record<string, Json>>;

export interface ResolvedParams {
  /** Validated, with defaults; a wired parameter has its default, or is absent when it has none. */
  readonly params: Params;
  readonly problems: readonly Problem[];
}

/** What decides a node's parameters besides the node. */
export interface ParamSources {
  /** Fields that a wire feeds. */
  readonly wired: ReadonlySet<string>;
  /** A run's own value of an input node. */
  readonly override: Json | undefined;
  readonly randomSeed: (nodeId: string) => number;
  readonly limits: Limits;
  /** What was parsed before, by type and text: in a large document most nodes are like another. */
  readonly parsed: Map<string, ParsedParams>;
}

/** Fills in and checks the parameters of one node. Whatever stands behind a wire is of no account. */
export function resolveParams(target: TypedNode, sources: ParamSources): ResolvedParams {
  const raw = ownParams(target, sources);
  const early: Problem[] = [];
  for (const field of target.type.fields) {
    const json = Object.hasOwn(raw, field.name) ? raw[field.name] : undefined;
    if (json === undefined) continue;
    early.push(...fieldProblems(target, { field, json, limits: sources.limits }));
  }
  const parsed = parseOnce(target.type, raw, sources);
  if (early.length === 0 && parsed.issues.length === 0) {
    return { params: withSafeNumbers(parsed.params), problems: early };
  }
  const reported = new Set(early.map(({ portId }) => portId));
  const late = parsed.issues
    .filter((issue) => !reported.has(String(issue.path[0])))
    .map((issue) => issueProblem(target, issue, raw));
  return { params: withSafeNumbers(parsed.params), problems: [...early, ...late] };
}

/** What the person set, the run's value and a fresh seed over it, without what is wired. */
function ownParams({ id, node, type }: TypedNode, sources: ParamSources): Params {
  const seed = type.fields.find(({ widget }) => widget === "seed");
  if (seed === undefined && sources.override === undefined && !setsWired(node.params, sources)) {
    return node.params;
  }
  const own = new Map(Object.entries(node.params));
  if (sources.override !== undefined) own.set(valueField, sources.override);
  const random = type.fields.some(({ name }) => name === "mode") && own.get("mode") === "random";
  if (seed !== undefined && random) {
    if (sources.override === undefined) own.set(seed.name, sources.randomSeed(id));
    own.set("mode", "fixed");
  }
  for (const name of sources.wired) own.delete(name);
  return Object.fromEntries(own);
}

function setsWired(params: Params, { wired }: ParamSources): boolean {
  for (const name of wired) if (Object.hasOwn(params, name)) return true;
  return false;
}

function fieldProblems(
  target: TypedNode,
  found: { readonly field: Field; readonly json: Json; readonly limits: Limits },
): Problem[] {
  const { field, json, limits } = found;
  const declared =
    target.type.role === "input" && field.name === valueField
      ? (declaredField(target.node, target.type) ?? field)
      : field;
  const wrong = firstSizeProblem(json, limits) ?? fieldProblem(declared, json);
  if (wrong === null) return [];
  const code = wrong.includes("(limit ") ? "limit" : "param_invalid";
  return [
    { code, message: `${target.label}: ${field.name} ${wrong}`, ...place(target.id, field.name) },
  ];
}

function firstSizeProblem(json: Json, limits: Limits): string | null {
  if (json === null || typeof json !== "object") return sizeProblem(json, limits);
  for (const { value } of walkJson(json)) {
    const wrong = isScalar(value) ? sizeProblem(value, limits) : null;
    if (wrong !== null) return wrong;
  }
  return null;
}

export interface ParsedParams {
  readonly params: Params;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** NaN and null have one text, but sizes and ranges were looked at before. Texts are long, and seldom alike. */
const longestText = 200;

function parseOnce(type: NodeType, raw: Params, { wired, parsed }: ParamSources): ParsedParams {
  const text = JSON.stringify(raw);
  const key = `${type.type} ${text}`;
  const known = text.length > longestText ? undefined : parsed.get(key);
  if (known !== undefined) return known;
  const fresh = parseParams(type, raw, wired);
  if (fresh.issues.length === 0 && !wiresParam(type, wired)) parsed.set(key, fresh);
  return fresh;
}

function wiresParam(type: NodeType, wired: ReadonlySet<string>): boolean {
  return type.fields.some(({ kind, name }) => kind === "param" && wired.has(name));
}

/**
 * A wired parameter without a default would fail the schema, so a stand-in takes its place while it is checked.
 * Issues at wired parameters are dropped: their values come at run time.
 */
function parseParams(type: NodeType, raw: Params, wired: ReadonlySet<string>): ParsedParams {
  const first = type.params.safeParse(raw);
  if (first.success) return { params: first.data, issues: [] };
  const issues = first.error.issues.filter(({ path }) => !wired.has(String(path[0])));
  if (issues.length === first.error.issues.length) return { params: raw, issues };
  const standIns = type.fields.filter(({ name }) => wired.has(name)).map(standIn);
  const second = type.params.safeParse({ ...raw, ...Object.fromEntries(standIns) });
  const all = Object.entries(second.success ? second.data : { ...defaultsOf(type), ...raw });
  const absent = new Set(type.fields.flatMap((one) => (one.default === undefined ? one.name : [])));
  const kept = all.filter(([name]) => !wired.has(name) || !absent.has(name));
  return { params: Object.fromEntries(kept), issues };
}

/** For the rare schema that no stand-in satisfies. */
function defaultsOf(type: NodeType): Params {
  const entries = type.fields.flatMap((field): [string, Json][] =>
    field.kind === "port" || field.default === undefined ? [] : [[field.name, field.default]],
  );
  return Object.fromEntries(entries);
}

function standIn(field: Field): [string, Json] {
  if (field.default !== undefined) return [field.name, field.default];
  if (field.type.list) return [field.name, []];
  const text = field.options?.[0]?.value ?? "";
  return [field.name, field.type.media === "number" ? (field.min ?? 0) : text];
}

function issueProblem(target: TypedNode, issue: z.core.$ZodIssue, raw: Params): Problem {
  const [name] = issue.path.map(String);
  if (name === undefined) {
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const known = target.type.fields.filter(({ kind }) => kind === "param").map((one) => one.name);
    const message =
      keys.length === 0
        ? `${target.label}: ${issue.message}`
        : `${target.label}: there is no parameter ${keys.join(", ")}; it has ${known.join(", ") || "none"}`;
    const place = ["nodes", target.id, "params", ...keys.slice(0, 1)].join(".");
    return { code: "param_invalid", message, nodeId: target.id, path: place };
  }
  const json = Object.hasOwn(raw, name) ? raw[name] : undefined;
  if (json === undefined) {
    const message = `${target.label}: ${name} needs a value; set it or wire something in`;
    return { code: "input_missing", message, ...place(target.id, name) };
  }
  const message = `${target.label}: ${name} ${issue.message}; got ${show(json)}`;
  return {
    code: "param_invalid",
    message,
    ...place(target.id, issue.path.map(String).join(".")),
    portId: name,
  };
}

function place(nodeId: string, name: string): Pick<Problem, "nodeId" | "portId" | "path"> {
  return { nodeId, portId: name, path: `nodes.${nodeId}.params.${name}` };
}

/** −0 and 0 are one value, so that they have one cache key. */
function withSafeNumbers(params: Params): Params {
  const negativeZero = Object.values(params).some((json) => Object.is(json, -0));
  if (!negativeZero) return params;
  const entries = Object.entries(params);
  return Object.fromEntries(entries.map(([name, json]) => [name, Object.is(json, -0) ? 0 : json]));
}

function isScalar(value: unknown): value is null | boolean | number | string {
  return value === null || typeof value !== "object";
}
