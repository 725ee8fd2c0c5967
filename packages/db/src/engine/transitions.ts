import {
  assert,
  stepCostUsd,
  sumUsd,
  type NodeType,
  type RunEventBody,
  type StepError,
  type Value,
} from "@heddle/core";
import { artifactsOf, usageOf } from "./measure-outputs.ts";
import type { RunWork } from "./run-work.ts";
import type { PreparedStep } from "./prepare-step.ts";
import type { WorkStep } from "./work-step.ts";

/*
 * The transitions of steps, each a change in memory: the status, what goes with it, and its event. Who depends on a step
 * that ended is told by `settle`, once per step, in whatever order.
 */

export function stepBase(step: WorkStep): {
  stepId: string;
  nodeIds: string[];
  item: number | null;
} {
  return { stepId: step.stepId, nodeIds: [...step.nodeIds], item: step.item };
}

export function emit(work: RunWork, event: RunEventBody): void {
  work.events.push(event);
}

/** QUEUED → RUNNING: the first thing that happens to any step starts the run. */
function begin(work: RunWork): void {
  if (work.run.status !== "QUEUED") return;
  work.run.status = "RUNNING";
  work.run.startedAt = work.now;
  emit(work, { type: "run.started" });
}

export interface Success {
  readonly outputs: Readonly<Record<string, Value>>;
  /** Reused, from this run. */
  readonly fromRunId?: string;
  readonly loadMs?: number;
  readonly deviceMs?: number;
  readonly costUsd?: number;
}

/** BLOCKED, READY, LEASED, EXPANDED or WAITING → SUCCEEDED. */
export function succeed(work: RunWork, step: WorkStep, success: Success): void {
  begin(work);
  end(work, step, "SUCCEEDED");
  step.outputs = success.outputs;
  step.error = null;
  step.cached = success.fromRunId !== undefined;
  step.fromRunId = success.fromRunId ?? null;
  step.loadMs = success.loadMs ?? 0;
  step.deviceMs = success.deviceMs ?? 0;
  step.costUsd = success.costUsd ?? 0;
  for (const { name, port } of step.spec.gives) {
    const value = success.outputs[port];
    assert(value !== undefined, `step ${step.stepId} gives ${port}`);
    work.run.newOutputs[name] = value;
  }
  emit(work, {
    type: "step.succeeded",
    ...stepBase(step),
    cached: step.cached,
    fromRunId: step.fromRunId,
    outputs: success.outputs,
    timing: timingOf(work, step),
    costUsd: step.costUsd,
  });
}

/** LEASED → SUCCEEDED by a runner's work: files, usage and cache entry are committed with it. */
export function commitResult(
  work: RunWork,
  step: WorkStep,
  result: {
    readonly outputs: Readonly<Record<string, Value>>;
    readonly loadMs: number;
    readonly deviceMs: number;
  },
): void {
  const nodeType = work.catalog.get(step.spec.type);
  const usage = { deviceMs: result.deviceMs, ...usageOf(result.outputs) };
  const costUsd = nodeType === undefined ? 0 : stepCostUsd(nodeType.price, usage);
  work.usage.push(usageRow(step, nodeType, { ...usage, costUsd }));
  work.run.costUsd = sumUsd([work.run.costUsd, costUsd]);
  for (const artifact of artifactsOf(result.outputs)) work.artifacts.set(artifact.sha256, artifact);
  work.attempts.push({ step_id: step.id, epoch: step.epoch, outcome: "SUCCEEDED", error: null });
  if (step.cacheKey !== null) work.cacheable.push(step);
  succeed(work, step, { ...result, costUsd });
}

function usageRow(
  step: WorkStep,
  nodeType: NodeType | undefined,
  used: { deviceMs: number; images: number; megapixels: number; costUsd: number },
) {
  const price = nodeType?.price ?? { unit: "second" as const, usd: 0 };
  const quantities = {
    second: used.deviceMs / 1000,
    image: used.images,
    megapixel: used.megapixels,
  };
  return {
    step_id: step.id,
    meter: price.unit,
    quantity: quantities[price.unit],
    unit_price_usd: price.usd,
    cost_usd: used.costUsd,
  };
}

/** Any live status → FAILED. A failed step decides the run, unless another one did before; of an item its parent does. */
export function fail(work: RunWork, step: WorkStep, error: StepError): void {
  begin(work);
  end(work, step, "FAILED");
  step.error = error;
  emit(work, { type: "step.failed", ...stepBase(step), error: plain(error) });
  if (step.item === null)
    work.run.error ??= { ...plain(error), nodeId: step.nodeIds[0] ?? step.stepId };
}

/** BLOCKED → SKIPPED: something it needs did not succeed. */
export function skip(work: RunWork, step: WorkStep, reason: string): void {
  end(work, step, "SKIPPED");
  emit(work, { type: "step.skipped", ...stepBase(step), reason });
}

/** Any live status → CANCELED. */
export function cancel(work: RunWork, step: WorkStep): void {
  end(work, step, "CANCELED");
  emit(work, { type: "step.canceled", ...stepBase(step) });
}

/** LEASED → READY, after a while. */
export function retryLater(
  work: RunWork,
  step: WorkStep,
  { error, delayMs }: { error: StepError; delayMs: number },
): void {
  assert(step.status === "LEASED", "only a leased step is tried again");
  step.status = "READY";
  step.leaseOwner = null;
  step.availableAt = work.now + delayMs;
  step.error = error;
  step.startedAt = null;
  work.changed.add(step);
  if (work.run.status === "PAUSED") park(work, step);
  const availableAt = new Date(step.availableAt).toISOString();
  emit(work, { type: "step.retrying", ...stepBase(step), error: plain(error), availableAt });
}

/** BLOCKED → READY. `joined`: the same work is under way elsewhere, and no runner needs to take this. */
export function makeReady(
  work: RunWork,
  step: WorkStep,
  {
    prepared,
    cacheKey,
    joined,
  }: { prepared: PreparedStep | null; cacheKey: string; joined: boolean },
): void {
  step.status = "READY";
  step.joined = joined;
  step.cacheKey = cacheKey;
  step.availableAt = work.now;
  if (prepared !== null) {
    step.params = prepared.params;
    step.inputs = prepared.inputs;
  }
  step.readyAt ??= work.now;
  work.changed.add(step);
}

/**
 * A READY step of a paused run waits like one whose work is under way elsewhere, and holds nothing: no runner sees it, and
 * another run that wants the same result computes it.
 */
export function park(work: RunWork, step: WorkStep): void {
  if (step.joined) return;
  if (step.cacheKey !== null) work.released.push({ cacheKey: step.cacheKey, stepId: step.id });
  step.joined = true;
  work.changed.add(step);
}

/** BLOCKED → WAITING: a person decides. `outputs`: what it hands on when it is approved. */
export function askPerson(
  work: RunWork,
  step: WorkStep,
  outputs: Readonly<Record<string, Value>>,
): void {
  begin(work);
  step.status = "WAITING";
  step.outputs = outputs;
  step.readyAt = work.now;
  step.startedAt = work.now;
  work.run.waiting += 1;
  work.changed.add(step);
  emit(work, { type: "step.waiting", ...stepBase(step), outputs: { ...outputs } });
}

/** READY → LEASED, in the transaction that made it READY. */
export function lease(
  work: RunWork,
  step: WorkStep,
  { runnerId, leaseMs }: { runnerId: string; leaseMs: number },
): void {
  assert(step.status === "READY" && !step.joined, "only a step that waits for a runner is leased");
  begin(work);
  step.status = "LEASED";
  step.attempt += 1;
  step.epoch += 1;
  step.leaseOwner = runnerId;
  step.leaseExpiresAt = work.now + leaseMs;
  step.startedAt = work.now;
  work.changed.add(step);
  work.leases.push(step);
  emit(work, { type: "step.started", ...stepBase(step), runnerId });
}

/** BLOCKED → EXPANDED: waits for its items. */
export function expand(work: RunWork, step: WorkStep, items: readonly WorkStep[]): void {
  begin(work);
  step.status = "EXPANDED";
  step.depsRemaining = items.length;
  step.readyAt = work.now;
  step.startedAt = work.now;
  work.changed.add(step);
  work.created.push(...items);
  for (const item of items) work.steps.set(item.id, item);
  emit(work, { type: "step.expanded", ...stepBase(step), items: items.length });
}

function end(
  work: RunWork,
  step: WorkStep,
  status: "SUCCEEDED" | "FAILED" | "SKIPPED" | "CANCELED",
): void {
  const held = step.status === "LEASED" || (step.status === "READY" && !step.joined);
  if (held && step.cacheKey !== null)
    work.released.push({ cacheKey: step.cacheKey, stepId: step.id });
  if (step.status === "WAITING") {
    work.run.waiting -= 1;
    step.outputs = null;
  }
  step.status = status;
  step.leaseOwner = null;
  step.joined = false;
  step.finishedAt = work.now;
  step.readyAt ??= work.now;
  step.startedAt ??= work.now;
  work.changed.add(step);
  work.ended.push(step);
}

function timingOf(work: RunWork, step: WorkStep) {
  const readyAt = step.readyAt ?? work.now;
  const startedAt = step.startedAt ?? work.now;
  return {
    queuedMs: Math.max(0, startedAt - readyAt),
    loadMs: step.loadMs,
    deviceMs: step.deviceMs,
    durationMs: Math.max(0, work.now - startedAt),
  };
}

/** Only what an event may hold. */
function plain({ class: errorClass, code, message, portId }: StepError): StepError {
  return { class: errorClass, code, message, ...(portId === undefined ? {} : { portId }) };
}
