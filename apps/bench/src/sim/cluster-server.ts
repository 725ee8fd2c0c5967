import {
  chooseEvictions,
  chooseFreeRunner,
  chooseReader,
  Cluster,
  isFree,
  lease,
  loadTimes,
  neededBy,
  prefetch,
  type ClusterOptions,
  type Held,
  type LeasedStep,
  type Prefetch,
  type ReadyStep,
  type Runner,
  type WeightsRef,
} from "@heddle/core";
import type { Clock, Server } from "./event-loop.ts";
import type { DeviceOptions } from "./lru-device.ts";
import type { SimRequest } from "./traffic.ts";
import type { Zoo } from "./zoo.ts";

export interface ClusterServerOptions extends DeviceOptions {
  readonly runners: number;
  readonly zoo: Zoo;
  readonly usesPrefetch: boolean;
  /** Loads cost nothing. */
  readonly isFree?: boolean;
  readonly workspaceOf: (request: SimRequest) => string;
  readonly options?: Partial<ClusterOptions>;
}

const op = "text-to-image";

/** Serves by the functions that the dispatcher calls, in the order in which it calls them. */
export class ClusterServer implements Server {
  readonly #clock: Clock;
  readonly #options: ClusterServerOptions;
  readonly #cluster: Cluster;
  readonly #requests = new Map<string, SimRequest>();
  /** When a runner that was left nothing asks again, ms. */
  readonly #asksAgain = new Map<string, number>();

  constructor(clock: Clock, options: ClusterServerOptions) {
    this.#clock = clock;
    this.#options = options;
    this.#cluster = new Cluster({ readsAhead: options.usesPrefetch, ...options.options });
    for (let number = 0; number < options.runners; number += 1)
      this.#cluster.setRunner(createRunner(`r${number}`, options));
  }

  /** The workspace's charge so far, ms. */
  chargedMs(workspaceId: string): number {
    return this.#cluster.ready.account(workspaceId).chargedMs;
  }

  arrive(request: SimRequest, nowMs: number): void {
    const step = toStep(request, this.#options.workspaceOf(request));
    this.#requests.set(step.id, request);
    this.#cluster.addStep(step);
    for (const runnerId of this.#toAsk(step)) {
      this.#ask(runnerId, nowMs);
      if (this.#cluster.ready.step(step.id) === undefined) return;
    }
    const reader = chooseReader(this.#cluster, step, nowMs);
    if (reader !== undefined) this.#read(reader.id, nowMs);
  }

  /** Who may begin the step: the one that should, then every other that is free and has not been told when to ask again. */
  #toAsk(step: ReadyStep): string[] {
    const first = chooseFreeRunner(this.#cluster, step)?.id;
    if (first === undefined) return [];
    const others = [...this.#cluster.fleet.free.inOrder()].flatMap(({ runner: { id } }) =>
      id === first || this.#asksAgain.has(id) ? [] : [id],
    );
    return [first, ...others];
  }

  #ask(runnerId: string, nowMs: number): void {
    const runner = this.#runner(runnerId);
    if (!isFree(runner)) return;
    const { leased, evict, askAgainMs } = lease(this.#cluster, { runnerId, nowMs });
    if (leased.length > 0) this.#begin(runner, { leased, evict, nowMs });
    else if (askAgainMs !== null) this.#askLater(runnerId, askAgainMs);
    this.#read(runnerId, nowMs);
  }

  #askLater(runnerId: string, atMs: number): void {
    if ((this.#asksAgain.get(runnerId) ?? Number.POSITIVE_INFINITY) <= atMs) return;
    this.#asksAgain.set(runnerId, atMs);
    this.#clock.at(atMs, (nowMs) => {
      if (this.#asksAgain.get(runnerId) !== nowMs) return;
      this.#asksAgain.delete(runnerId);
      this.#ask(runnerId, nowMs);
    });
  }

  #begin(
    runner: Runner,
    {
      leased,
      evict,
      nowMs,
    }: {
      readonly leased: readonly LeasedStep[];
      readonly evict: readonly string[];
      readonly nowMs: number;
    },
  ): void {
    this.#cluster.take(leased, nowMs);
    for (const { step, chargeMs } of leased) {
      const request = this.#requests.get(step.id);
      if (request === undefined) throw new Error(`${step.id} was leased twice`);
      this.#requests.delete(step.id);
      const before = this.#runner(runner.id);
      const { after, loadMs } = this.#load(before, { step, evict, nowMs });
      const endsAtMs = nowMs + loadMs + step.serviceMs;
      const running = [...before.running, { step, endsAtMs, isPreemptible: false }];
      const freeAtMs = Math.min(...running.map((task) => task.endsAtMs));
      this.#cluster.setRunner({ ...after, running, freeAtMs });
      const endMs = nowMs + loadMs + request.serviceMs;
      this.#clock.at(endMs, () => {
        this.#clock.outcomes.push({ request, startMs: nowMs, endMs, loadMs });
        this.#end(runner.id, {
          step,
          correctionMs: loadMs + request.serviceMs - chargeMs,
          nowMs: endMs,
        });
      });
    }
  }

  /** The runner once the step's weights are on its device; what came from disk stays in RAM too where there is room. */
  #load(
    runner: Runner,
    {
      step,
      evict,
      nowMs,
    }: { readonly step: ReadyStep; readonly evict: readonly string[]; readonly nowMs: number },
  ): { after: Runner; loadMs: number } {
    let after = dropFromDevice(runner, evict);
    let loadMs = 0;
    for (const ref of neededBy(step)) {
      const held = after.models.get(ref.hash) ?? after.adapters.get(ref.hash);
      const { fromDiskMs, fromRamMs } = loadTimes(runner, ref);
      let inRamAtMs = held?.inRamAtMs ?? null;
      if (held?.onDevice !== true) {
        if (inRamAtMs === null) {
          loadMs += fromDiskMs;
          const out = chooseEvictions(this.#cluster, after, { tier: "ram", refs: [ref], nowMs });
          if (out !== null) {
            after = dropFromRam(after, out);
            inRamAtMs = nowMs + loadMs;
          }
        } else loadMs = Math.max(loadMs, inRamAtMs - nowMs) + fromRamMs;
      }
      after = hold(after, {
        ref,
        isModel: step.weights.includes(ref),
        held: { sizeBytes: ref.sizeBytes, onDevice: true, inRamAtMs },
      });
    }
    return { after, loadMs };
  }

  #end(
    runnerId: string,
    {
      step,
      correctionMs,
      nowMs,
    }: { readonly step: ReadyStep; readonly correctionMs: number; readonly nowMs: number },
  ): void {
    this.#cluster.ready.end(step.workspaceId, correctionMs);
    const runner = this.#runner(runnerId);
    const running = runner.running.filter((task) => task.step.id !== step.id);
    this.#cluster.setRunner({ ...runner, running, freeAtMs: nowMs });
    this.#ask(runnerId, nowMs);
  }

  #read(runnerId: string, nowMs: number): void {
    if (!this.#options.usesPrefetch) return;
    const runner = this.#runner(runnerId);
    const wanted = prefetch(this.#cluster, runner, nowMs);
    if (wanted === null) return;
    const untilMs = nowMs + loadTimes(runner, wanted.ref).fromDiskMs;
    this.#cluster.setRunner(startRead(runner, wanted, untilMs));
    if (wanted.forStepId !== null) this.#cluster.fetching.set(wanted.forStepId, runnerId);
    this.#read(runnerId, nowMs);
    this.#clock.at(untilMs, () => {
      if (isFree(this.#runner(runnerId))) this.#ask(runnerId, untilMs);
      else this.#read(runnerId, untilMs);
    });
  }

  #runner(id: string): Runner {
    const runner = this.#cluster.fleet.get(id);
    if (runner === undefined) throw new Error(`no runner ${id}`);
    return runner;
  }
}

function createRunner(
  id: string,
  { zoo, deviceBytes, ramBytes, isFree = false }: ClusterServerOptions,
): Runner {
  return {
    id,
    ops: new Set([op]),
    deviceBytes,
    ramBytes,
    slots: 1,
    running: [],
    freeAtMs: 0,
    models: new Map(),
    adapters: new Map(),
    loadTimes: isFree ? new Map() : zoo.loadTimes,
    // What was never loaded would take no time; but everything here has times of its own.
    diskMsPerByte: 0,
    ramMsPerByte: 0,
    batchCaps: new Map(),
  };
}

function toStep(
  { id, atMs, model, adapters, estimateMs }: SimRequest,
  workspaceId: string,
): ReadyStep {
  return {
    id,
    workspaceId,
    priority: 0,
    op,
    weights: [model.ref],
    adapters: adapters.map(({ ref }) => ref),
    downstream: [],
    serviceMs: estimateMs,
    batchKey: model.ref.hash,
    deadlineMs: null,
    readyAtMs: atMs,
  };
}

function startRead(runner: Runner, { ref, kind, evict }: Prefetch, untilMs: number): Runner {
  const held = { sizeBytes: ref.sizeBytes, onDevice: false, inRamAtMs: untilMs };
  return hold(dropFromRam(runner, evict), { ref, isModel: kind === "model", held });
}

function hold(
  runner: Runner,
  {
    ref,
    isModel,
    held,
  }: { readonly ref: WeightsRef; readonly isModel: boolean; readonly held: Held },
): Runner {
  return isModel
    ? { ...runner, models: new Map(runner.models).set(ref.hash, held) }
    : { ...runner, adapters: new Map(runner.adapters).set(ref.hash, held) };
}

function dropFromDevice(runner: Runner, hashes: readonly string[]): Runner {
  return change(runner, hashes, (held) => ({ ...held, onDevice: false }));
}

function dropFromRam(runner: Runner, hashes: readonly string[]): Runner {
  return change(runner, hashes, (held) => ({ ...held, inRamAtMs: null }));
}

function change(runner: Runner, hashes: readonly string[], drop: (held: Held) => Held): Runner {
  if (hashes.length === 0) return runner;
  const changed = (all: ReadonlyMap<string, Held>) => {
    const after = new Map(all);
    for (const hash of hashes) {
      const held = after.get(hash);
      if (held === undefined) continue;
      const rest = drop(held);
      if (rest.onDevice || rest.inRamAtMs !== null) after.set(hash, rest);
      else after.delete(hash);
    }
    return after;
  };
  return { ...runner, models: changed(runner.models), adapters: changed(runner.adapters) };
}
