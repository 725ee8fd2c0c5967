import type { Cluster } from "../cluster/cluster.ts";
import type { Held, ReadyStep, Runner, WeightsRef } from "../cluster/cluster-types.ts";
import { lease, type LeaseAnswer } from "../cluster/lease.ts";
import { neededBy, stepLoadMs } from "../cluster/load-ms.ts";

export const gib = 2 ** 30;

export function weights(hash: string, sizeGib = 4): WeightsRef {
  return { hash, sizeBytes: sizeGib * gib };
}

/** A step of model "m", 1 s, of workspace "w". */
export function buildStep(id: string, changes: Partial<ReadyStep> = {}): ReadyStep {
  const model = changes.weights?.[0]?.hash ?? "m";
  return {
    id,
    workspaceId: "w",
    priority: 0,
    op: "paint",
    weights: [weights(model)],
    adapters: [],
    downstream: [],
    serviceMs: 1_000,
    batchKey: model,
    deadlineMs: null,
    readyAtMs: 0,
    ...changes,
  };
}

/** A runner with one free slot that holds nothing: 10 GiB on the device, 20 in RAM, 5 s a GiB from disk, 0.1 s from RAM. */
export function buildRunner(id: string, changes: Partial<Runner> = {}): Runner {
  return {
    id,
    ops: new Set(["paint"]),
    deviceBytes: 10 * gib,
    ramBytes: 20 * gib,
    slots: 1,
    running: [],
    freeAtMs: 0,
    models: new Map(),
    adapters: new Map(),
    loadTimes: new Map(),
    diskMsPerByte: 5_000 / gib,
    ramMsPerByte: 100 / gib,
    batchCaps: new Map(),
    ...changes,
  };
}

export function onDevice(sizeGib = 4): Held {
  return { sizeBytes: sizeGib * gib, onDevice: true, inRamAtMs: null };
}

export function inRam(atMs = 0, sizeGib = 4): Held {
  return { sizeBytes: sizeGib * gib, onDevice: false, inRamAtMs: atMs };
}

/** Asks for a lease and does what the answer says, as a dispatcher does. */
export function leaseTo(cluster: Cluster, runnerId: string, nowMs: number): LeaseAnswer {
  const answer = lease(cluster, { runnerId, nowMs });
  const runner = cluster.fleet.get(runnerId);
  if (runner === undefined || answer.leased.length === 0) return answer;
  cluster.take(answer.leased, nowMs);
  cluster.setRunner(begin(runner, answer, nowMs));
  return answer;
}

/** What a runner is once it has begun what it was leased. */
function begin(runner: Runner, { leased, evict }: LeaseAnswer, nowMs: number): Runner {
  const steps = leased.map(({ step }) => step);
  const loadMs = Math.max(...steps.map((step) => stepLoadMs(runner, step, nowMs)));
  const running = [
    ...runner.running,
    ...steps.map((step) => ({
      step,
      endsAtMs: nowMs + loadMs + step.serviceMs,
      isPreemptible: true,
    })),
  ];
  return {
    ...runner,
    running,
    freeAtMs:
      running.length < runner.slots
        ? runner.freeAtMs
        : Math.min(...running.map(({ endsAtMs }) => endsAtMs)),
    models: load(
      runner.models,
      evict,
      steps.flatMap((step) => [...step.weights]),
    ),
    adapters: load(
      runner.adapters,
      evict,
      steps.flatMap((step) => [...step.adapters]),
    ),
  };
}

function load(
  held: ReadonlyMap<string, Held>,
  evict: readonly string[],
  refs: readonly WeightsRef[],
): Map<string, Held> {
  const after = new Map(held);
  for (const hash of evict) {
    const one = after.get(hash);
    if (one?.inRamAtMs === null) after.delete(hash);
    else if (one !== undefined) after.set(hash, { ...one, onDevice: false });
  }
  for (const { hash, sizeBytes } of refs)
    after.set(hash, { inRamAtMs: null, ...after.get(hash), sizeBytes, onDevice: true });
  return after;
}

/** Tasks whose time has come end, and their workspaces' charges stand. */
export function endTasks(cluster: Cluster, runnerId: string, nowMs: number): void {
  const runner = cluster.fleet.get(runnerId);
  if (runner === undefined) return;
  const ended = runner.running.filter(({ endsAtMs }) => endsAtMs <= nowMs);
  if (ended.length === 0) return;
  for (const { step } of ended) cluster.ready.end(step.workspaceId, 0);
  const running = runner.running.filter(({ endsAtMs }) => endsAtMs > nowMs);
  cluster.setRunner({ ...runner, running, freeAtMs: nowMs });
}

/** Bytes that the tasks of a runner need on its device, each file once. */
export function bytesInUse(runner: Runner): number {
  const sizes = new Map(
    runner.running.flatMap(({ step }) =>
      neededBy(step).map(({ hash, sizeBytes }) => [hash, sizeBytes] as const),
    ),
  );
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
