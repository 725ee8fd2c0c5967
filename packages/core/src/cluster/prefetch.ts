import { adapterWindow, headFor } from "./candidates.ts";
import { chooseEvictions } from "./choose-evictions.ts";
import type { Cluster } from "./cluster.ts";
import { modelOf, type ReadyStep, type Runner, type WeightsRef } from "./cluster-types.ts";
import type { Holder } from "./fleet.ts";
import { loadTimes } from "./load-ms.ts";
import { couldRun } from "./place.ts";

export interface Prefetch {
  readonly ref: WeightsRef;
  readonly kind: "model" | "adapter";
  /** READY steps that it is for: others need not load it for them too. */
  readonly forStepId: string | null;
  /** What has to leave RAM first. */
  readonly evict: readonly string[];
}

type Wanted = Omit<Prefetch, "evict">;

/**
 * What a runner should read from its disk into RAM while it computes; null: nothing. It reads one model at a time, and beside it
 * one adapter, which is small. First what the steps after the running ones need; then adapters of the next steps of the models that it holds; then a model that
 * waits and that nobody has; then one whose line is so long that another copy here would begin its last step sooner.
 */
export function prefetch(cluster: Cluster, runner: Runner, nowMs: number): Prefetch | null {
  const isBusy = {
    model: isReading(runner, "model", nowMs),
    adapter: isReading(runner, "adapter", nowMs),
  };
  if (isBusy.model && isBusy.adapter) return null;
  for (const wanted of listWanted(cluster, runner, nowMs)) {
    if (isBusy[wanted.kind]) continue;
    if (runner.models.has(wanted.ref.hash) || runner.adapters.has(wanted.ref.hash)) continue;
    const evict = chooseEvictions(cluster, runner, { tier: "ram", refs: [wanted.ref], nowMs });
    if (evict !== null) return { ...wanted, evict };
  }
  return null;
}

/** The runner to ask what it would read ahead, when a step has become READY that no runner begins now. */
export function chooseReader(cluster: Cluster, step: ReadyStep, nowMs: number): Runner | undefined {
  const holders = cluster.fleet.holders(modelOf(step));
  if (holders !== undefined && step.adapters.length === 0) return undefined;
  const kind = holders === undefined ? "model" : "adapter";
  const canRead = ({ runner }: Holder) => couldRun(runner, step) && !isReading(runner, kind, nowMs);
  return (holders ?? cluster.fleet.soonest).first(canRead)?.runner;
}

function isReading(runner: Runner, kind: Prefetch["kind"], nowMs: number): boolean {
  const all = kind === "model" ? runner.models : runner.adapters;
  for (const { inRamAtMs } of all.values()) if ((inRamAtMs ?? nowMs) > nowMs) return true;
  return false;
}

function* listWanted(cluster: Cluster, runner: Runner, nowMs: number): Generator<Wanted> {
  const canRun = (step: ReadyStep) => couldRun(runner, step);
  for (const { step } of runner.running)
    for (const ref of step.downstream) yield { ref, kind: "model", forStepId: null };
  yield* adaptersOfNext(cluster, runner);
  for (const { model, turn } of cluster.orphans.inOrder()) {
    const step = headFor(model, canRun, runner.workspaceId)?.turn.step;
    if (step !== undefined) yield* modelOfStep(step);
    // The next one is for the next runner.
    if (turn.step === step) break;
  }
  for (const { model, lastStartMs } of cluster.crowds.inOrder()) {
    const step = headFor(model, canRun, runner.workspaceId)?.turn.step;
    const [ref] = step?.weights ?? [];
    if (step === undefined || ref === undefined || runner.models.has(model.hash)) continue;
    const { fromDiskMs, fromRamMs } = loadTimes(runner, ref);
    if (Math.max(nowMs + fromDiskMs, runner.freeAtMs + fromRamMs) < lastStartMs)
      yield* modelOfStep(step);
    break;
  }
}

function* modelOfStep(step: ReadyStep): Generator<Wanted> {
  for (const ref of step.weights) yield { ref, kind: "model", forStepId: null };
}

function* adaptersOfNext(cluster: Cluster, runner: Runner): Generator<Wanted> {
  const byDevice = [...runner.models].toSorted(
    ([, first], [, second]) => Number(second.onDevice) - Number(first.onDevice),
  );
  const canRun = (step: ReadyStep) => couldRun(runner, step);
  for (const [hash] of byDevice) {
    const line = headFor(cluster.ready.model(hash), canRun, runner.workspaceId)?.line;
    for (const { step } of line?.turns.firstOf(adapterWindow) ?? [])
      if (canRun(step) && !cluster.fetching.has(step.id))
        for (const ref of step.adapters) yield { ref, kind: "adapter", forStepId: step.id };
  }
}
