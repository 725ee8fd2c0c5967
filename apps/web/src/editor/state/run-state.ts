import type { LinkedRunEvent, LinkedValue, RunDetail, StepDetail } from "@heddle/api";
import {
  assertNever,
  type Document,
  type Estimate,
  isTerminalRun,
  isTerminalStep,
  type Progress,
  type RunStatus,
  type StepError,
} from "@heddle/core";

/** The last result that a node has, and the run that gave it. */
export interface NodeResult {
  readonly runId: string;
  readonly runNumber: number | null;
  readonly outputs: Readonly<Record<string, LinkedValue>>;
  /** Device time, milliseconds. */
  readonly deviceMs: number;
  readonly costUsd: number;
  readonly reused: boolean;
  /** The run that first made a reused result. */
  readonly fromRunId: string | null;
  readonly estimate: Estimate | null;
  /** What was run: tells whether the node has changed since. */
  readonly document: Document;
}

/** What a node does in its newest run. `idle`: nothing is under way. */
export type Activity =
  | { readonly kind: "idle" }
  | { readonly kind: "queued" }
  | { readonly kind: "paused" }
  /** A person has to decide. `outputs`: what is to be approved. */
  | {
      readonly kind: "waiting";
      readonly runId: string;
      readonly stepId: string;
      readonly outputs: Readonly<Record<string, LinkedValue>>;
    }
  | { readonly kind: "loading"; readonly leftMs: number | null }
  | {
      readonly kind: "running";
      readonly done: number;
      readonly total: number;
      readonly leftMs: number | null;
      /** How it goes: `loss 0.42`. */
      readonly note?: string;
      /** What it will be, roughly: a data URL. */
      readonly preview?: string;
    }
  | { readonly kind: "failed"; readonly error: StepError }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "canceled" };

export interface NodeRun {
  readonly runId: string | null;
  readonly activity: Activity;
  readonly result: NodeResult | null;
}

/** One step or one item of a mapped step, as the Run tab lists it. */
export type StepLine = Pick<
  StepDetail,
  | "stepId"
  | "nodeIds"
  | "item"
  | "type"
  | "status"
  | "cached"
  | "fromRunId"
  | "outputs"
  | "error"
  | "timing"
  | "costUsd"
> & { readonly reason: string | null };

export interface TrackedRun {
  readonly id: string;
  readonly number: number | null;
  readonly status: RunStatus;
  readonly createdAt: string;
  readonly costUsd: number;
  readonly document: Document;
  readonly estimates: Readonly<Record<string, Estimate>>;
  /** By `stepKey`, in the order of the plan. */
  readonly steps: Readonly<Record<string, StepLine>>;
  readonly progress: Readonly<Record<string, Progress>>;
  /** The last durable event that is in here. */
  readonly seq: number;
  readonly error: StepError | null;
}

/** What is known about the runs of a workflow. `order`: newest first. */
export interface RunsState {
  readonly runs: Readonly<Record<string, TrackedRun>>;
  readonly order: readonly string[];
  readonly nodes: Readonly<Record<string, NodeRun>>;
}

export const emptyRuns: RunsState = { runs: {}, order: [], nodes: {} };
const idle: Activity = { kind: "idle" };
export const neverRun: NodeRun = { runId: null, activity: idle, result: null };

/** Over without a result; stands until something is changed or run again. */
export function hasEnded({ kind }: Activity): boolean {
  return kind === "failed" || kind === "skipped" || kind === "canceled";
}

export function stepKey({
  stepId,
  item,
}: {
  readonly stepId: string;
  readonly item: number | null;
}): string {
  return item === null ? stepId : `${stepId} ${item}`;
}

/** Takes in all that the server knows about a run; safe to repeat. */
export function trackRun(state: RunsState, detail: RunDetail): RunsState {
  const known = state.runs[detail.id];
  if (known !== undefined && known.seq > detail.eventSeq) return state;
  const run: TrackedRun = {
    id: detail.id,
    number: detail.number,
    status: detail.status,
    createdAt: detail.createdAt,
    costUsd: detail.costUsd,
    document: detail.document,
    estimates: Object.fromEntries(detail.plan.steps.map((step) => [step.id, step.estimate])),
    steps: Object.fromEntries(
      detail.steps.map((step) => [stepKey(step), { ...step, reason: null }]),
    ),
    progress: known?.progress ?? {},
    seq: detail.eventSeq,
    error: detail.error,
  };
  const runs = { ...state.runs, [run.id]: run };
  const order = Object.values(runs)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .map(({ id }) => id);
  const nodeIds = new Set(detail.steps.flatMap((step) => step.nodeIds));
  return withNodes({ ...state, runs, order }, run, nodeIds);
}

/** One durable event; an event that is in already changes nothing. */
export function applyRunEvent(state: RunsState, event: LinkedRunEvent): RunsState {
  const run = state.runs[event.runId];
  if (run === undefined || event.seq <= run.seq) return state;
  const { body } = event;
  if (!("stepId" in body)) {
    const next = { ...run, ...runChange(body), seq: event.seq };
    const touched =
      isTerminalRun(next.status) || body.type in held
        ? Object.values(run.steps).flatMap((step) => step.nodeIds)
        : [];
    return withNodes({ ...state, runs: { ...state.runs, [run.id]: next } }, next, touched);
  }
  const key = stepKey(body);
  const line = run.steps[key] ?? newItem(run, body);
  const { [key]: _ended, ...progress } = run.progress;
  const next: TrackedRun = {
    ...run,
    seq: event.seq,
    steps: { ...run.steps, [key]: { ...line, ...stepChange(body) } },
    progress: body.type === "step.expanded" ? run.progress : progress,
  };
  return withNodes({ ...state, runs: { ...state.runs, [run.id]: next } }, next, line.nodeIds);
}

/** How far a step is; only what it concerns gets a new identity. */
export function applyProgress(state: RunsState, progress: Progress): RunsState {
  const run = state.runs[progress.runId];
  const key = stepKey(progress);
  const line = run?.steps[key];
  if (run === undefined || (line !== undefined && isTerminalStep(line.status))) return state;
  const next = { ...run, progress: { ...run.progress, [key]: progress } };
  return withNodes({ ...state, runs: { ...state.runs, [run.id]: next } }, next, progress.nodeIds);
}

/** Events that change what every node of the run waits for. */
const held = { "run.paused": true, "run.resumed": true };

type EventBody = LinkedRunEvent["body"];
type StepBody = Extract<EventBody, { readonly stepId: string }>;

function runChange(body: Exclude<EventBody, StepBody>): Partial<TrackedRun> {
  switch (body.type) {
    case "run.queued":
      return { status: "QUEUED" };
    case "run.started":
      return { status: "RUNNING" };
    case "run.paused":
      return { status: "PAUSED" };
    case "run.resumed":
      return { status: "RUNNING" };
    case "run.canceling":
      return { status: "CANCELING" };
    case "run.succeeded":
      return { status: "SUCCEEDED", costUsd: body.costUsd };
    case "run.failed":
      return { status: "FAILED", costUsd: body.costUsd, error: told(body.error) };
    case "run.canceled":
      return { status: "CANCELED", costUsd: body.costUsd };
    case "run.expired":
      return { status: "EXPIRED", costUsd: body.costUsd };
    default:
      return assertNever(body);
  }
}

function stepChange(body: StepBody): Partial<StepLine> {
  switch (body.type) {
    case "step.started":
      return { status: "LEASED", error: null };
    case "step.expanded":
      return { status: "EXPANDED" };
    case "step.waiting":
      return { status: "WAITING", outputs: body.outputs };
    case "step.succeeded": {
      const { cached, fromRunId, outputs, timing, costUsd } = body;
      return { status: "SUCCEEDED", cached, fromRunId, outputs, timing, costUsd };
    }
    case "step.retrying":
      return { status: "READY", error: told(body.error) };
    case "step.failed":
      return { status: "FAILED", error: told(body.error) };
    case "step.skipped":
      return { status: "SKIPPED", reason: body.reason };
    case "step.canceled":
      return { status: "CANCELED" };
    default:
      return assertNever(body);
  }
}

type ToldError = Pick<StepError, "class" | "code" | "message"> & {
  readonly portId?: string | undefined;
};

function told({ class: errorClass, code, message, portId }: ToldError): StepError {
  return { class: errorClass, code, message, ...(portId !== undefined && { portId }) };
}

function newItem(run: TrackedRun, { stepId, nodeIds, item }: StepBody): StepLine {
  return {
    stepId,
    nodeIds,
    item,
    type: run.steps[stepId]?.type ?? "",
    status: "READY",
    cached: false,
    fromRunId: null,
    outputs: null,
    error: null,
    timing: null,
    costUsd: 0,
    reason: null,
  };
}

/** Renews the nodes that `run` is the newest run of. */
function withNodes(state: RunsState, run: TrackedRun, nodeIds: Iterable<string>): RunsState {
  const rank = state.order.indexOf(run.id);
  const nodes = { ...state.nodes };
  for (const nodeId of nodeIds) {
    const before = nodes[nodeId] ?? neverRun;
    const owner = before.runId === null ? Infinity : rankOf(state, before.runId);
    const result = newerResult(state, before.result, resultOf(run, nodeId));
    if (owner < rank) {
      if (result !== before.result) nodes[nodeId] = { ...before, result };
      continue;
    }
    nodes[nodeId] = { runId: run.id, activity: activityOf(run, nodeId), result };
  }
  return { ...state, nodes };
}

function rankOf(state: RunsState, runId: string): number {
  const rank = state.order.indexOf(runId);
  return rank === -1 ? Infinity : rank;
}

function newerResult(
  state: RunsState,
  before: NodeResult | null,
  now: NodeResult | null,
): NodeResult | null {
  if (before === null || now === null) return now ?? before;
  return rankOf(state, now.runId) <= rankOf(state, before.runId) ? now : before;
}

function stepOf(run: TrackedRun, nodeId: string): StepLine | undefined {
  return (
    run.steps[nodeId] ??
    Object.values(run.steps).find((step) => step.item === null && step.nodeIds.includes(nodeId))
  );
}

function resultOf(run: TrackedRun, nodeId: string): NodeResult | null {
  const step = stepOf(run, nodeId);
  if (step?.status !== "SUCCEEDED" || step.outputs === null) return null;
  return {
    runId: run.id,
    runNumber: run.number,
    outputs: step.outputs,
    deviceMs: step.timing?.deviceMs ?? 0,
    costUsd: step.costUsd,
    reused: step.cached,
    fromRunId: step.fromRunId,
    estimate: run.estimates[step.stepId] ?? null,
    document: run.document,
  };
}

function activityOf(run: TrackedRun, nodeId: string): Activity {
  const step = stepOf(run, nodeId);
  if (step === undefined) return idle;
  switch (step.status) {
    case "SUCCEEDED":
      return idle;
    case "FAILED":
      return step.error === null ? { kind: "canceled" } : { kind: "failed", error: step.error };
    case "SKIPPED":
      return { kind: "skipped", reason: step.reason ?? "" };
    case "CANCELED":
      return { kind: "canceled" };
    case "BLOCKED":
    case "READY":
      if (run.status === "PAUSED") return { kind: "paused" };
      return isTerminalRun(run.status) ? { kind: "canceled" } : { kind: "queued" };
    case "WAITING": {
      const { stepId, outputs } = step;
      return { kind: "waiting", runId: run.id, stepId, outputs: outputs ?? {} };
    }
    case "LEASED":
      return isTerminalRun(run.status) ? { kind: "canceled" } : workOf(run.progress[step.stepId]);
    case "EXPANDED":
      return isTerminalRun(run.status) ? { kind: "canceled" } : itemsOf(run, step.stepId);
    default:
      return assertNever(step.status);
  }
}

function workOf(progress: Progress | undefined): Activity {
  if (progress === undefined) return { kind: "running", done: 0, total: 0, leftMs: null };
  const leftMs = progress.leftMs ?? null;
  if (progress.phase === "loading") return { kind: "loading", leftMs };
  const { done, total, note, preview } = progress;
  return {
    kind: "running",
    done,
    total,
    leftMs,
    ...(note !== undefined && { note }),
    ...(preview !== undefined && { preview }),
  };
}

/** A mapped step counts its items. */
function itemsOf(run: TrackedRun, stepId: string): Activity {
  const items = Object.values(run.steps).filter(
    (step) => step.stepId === stepId && step.item !== null,
  );
  const done = items.filter((item) => item.status === "SUCCEEDED").length;
  const busy = items.some((item) => item.status === "LEASED") || done > 0;
  return busy ? { kind: "running", done, total: items.length, leftMs: null } : { kind: "queued" };
}
