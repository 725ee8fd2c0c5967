import {
  AppError,
  canonicalJson,
  compile,
  describeInterface,
  sha256Hex,
  type Document,
  type Plan,
  type Problem,
  type Value,
} from "@heddle/core";
import { findIdempotentRun, submitRun, type SubmittedRun } from "@heddle/db";
import { currentTraceparent } from "@heddle/infra";
import type { Api } from "../api.ts";
import { checkStorage } from "../files/check-storage.ts";
import { checkDocumentFiles } from "../inputs/document-files.ts";
import { resolveInput } from "../inputs/resolve-input.ts";

export interface StartRunOptions {
  /** Who runs it and holds its results. */
  readonly workspaceId: string;
  readonly document: Document;
  /** Whose files the document names; differs for what somebody else published. */
  readonly filesOf: string;
  /** Value by input name, as the caller sent it. */
  readonly input: unknown;
  /** Node ids or output names; absent: everything. */
  readonly targets?: readonly string[] | undefined;
  /** −10 to 10, default 0. */
  readonly priority?: number | undefined;
  readonly workflowId?: string | undefined;
  readonly versionId?: string | undefined;
  readonly idempotency?: { readonly key: string; readonly bodyHash: string } | undefined;
  /** Origin that the caller reached us by. */
  readonly origin: string;
}

/**
 * Checks everything, writes the run down and rings for it. When this returns the run is accepted and cannot be lost.
 * Throws AppError `invalid` with every problem of the document, its files and the input, `storage_full` when there is
 * no room for what it makes, and `rate_limited` when the workspace has used up its quota.
 */
export async function startRun(api: Api, options: StartRunOptions): Promise<SubmittedRun> {
  const { workspaceId, idempotency } = options;
  if (idempotency !== undefined) {
    const earlier = await findIdempotentRun(api.database, { workspaceId, ...idempotency });
    if (earlier !== null) return { runId: earlier, created: false, before: 0 };
  }
  // Not for the first byte too many, but when there is no room for any: what a run makes is not known before.
  await checkStorage(api, workspaceId, 1);
  const prepared = await prepareRun(api, options);
  if (!prepared.ok) throw invalidRun(prepared.problems);
  const submitted = await submitRun(api.database, {
    workspaceId,
    plan: prepared.plan,
    document: prepared.document,
    input: prepared.values,
    workflowId: options.workflowId,
    versionId: options.versionId,
    idempotency,
    priority: options.priority,
    quota: api.quota,
    traceparent: currentTraceparent(),
    deadlineSeconds: api.limits.runSeconds,
  });
  await ring(api, submitted);
  return submitted;
}

export type PreparedRun =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly notices: readonly Problem[];
      readonly document: Document;
      readonly values: Record<string, Value>;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Compiles a document with its input and files, ready to be written down. */
export async function prepareRun(
  api: Api,
  options: Pick<
    StartRunOptions,
    "workspaceId" | "document" | "filesOf" | "input" | "targets" | "origin"
  >,
): Promise<PreparedRun> {
  const declared = describeInterface(options.document, api.catalog).inputs;
  const given = namesGiven(options.input);
  const overridden = declared.filter(({ name }) => given.has(name)).map(({ nodeId }) => nodeId);
  const [input, files] = await Promise.all([
    resolveInput(
      { api, workspaceId: options.workspaceId, origin: options.origin },
      declared,
      options.input,
    ),
    checkDocumentFiles(api, {
      document: options.document,
      owner: options.filesOf,
      runner: options.workspaceId,
      except: new Set(overridden),
    }),
  ]);
  const compiled = compile(files.document, api.catalog, {
    requireInputs: true,
    inputs: input.ok ? input.values : {},
    ...(options.targets === undefined ? {} : { targets: options.targets }),
    limits: api.limits,
    randomSeed: () => api.randomSeed(),
  });
  const wrong = input.ok ? [] : input.problems;
  const problems = [
    ...wrong,
    ...files.problems,
    ...(compiled.ok ? [] : compiled.problems.filter((problem) => !isWrongAlready(problem, wrong))),
  ];
  if (!input.ok || !compiled.ok || problems.length > 0)
    return { ok: false, problems: withoutRepeats(problems) };
  return {
    ok: true,
    plan: compiled.plan,
    notices: compiled.notices,
    document: files.document,
    values: input.values,
  };
}

/** A value that was refused is not missing as well. */
function isWrongAlready({ code, nodeId }: Problem, wrong: readonly Problem[]): boolean {
  return code === "input_missing" && wrong.some((one) => one.nodeId === nodeId);
}

export function invalidRun(problems: readonly Problem[]): AppError {
  const [first] = problems;
  const rest = problems.length - 1;
  const message = first === undefined ? "The run is not valid" : first.message;
  return new AppError("invalid", rest > 0 ? `${message} (and ${rest} more)` : message, {
    problems,
  });
}

/** Tells two requests with one idempotency key apart: what was asked, not how it was written down. */
export function hashRequest(parts: { readonly target: string; readonly body: unknown }): string {
  return sha256Hex(canonicalJson([parts.target, JSON.parse(JSON.stringify(parts.body ?? null))]));
}

/** The run is safe by now: a queue that is away only delays it until the sweeper rings. */
async function ring(api: Api, { runId, before }: SubmittedRun): Promise<void> {
  try {
    await api.doorbell.ring(runId, before);
  } catch (error) {
    api.log.warn({ err: error, runId }, "the doorbell cannot be rung; the sweeper will");
  }
}

function namesGiven(input: unknown): ReadonlySet<string> {
  if (typeof input !== "object" || input === null) return new Set();
  return new Set(Object.entries(input).flatMap(([name, value]) => (value === null ? [] : [name])));
}

function withoutRepeats(problems: readonly Problem[]): Problem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.path ?? ""}\n${problem.message}`, problem]),
    ).values(),
  ];
}
