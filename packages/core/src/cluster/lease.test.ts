import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildRunner,
  buildStep,
  bytesInUse,
  endTasks,
  gib,
  inRam,
  leaseTo,
  onDevice,
  weights,
} from "../testing/build-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { Held, ReadyStep, Runner } from "./cluster-types.ts";
import { lease } from "./lease.ts";
import { neededBy } from "./load-ms.ts";

const modelNames = ["m0", "m1", "m2", "m3"] as const;
/** GiB; the largest fills a device alone. */
const modelSizes: Readonly<Record<string, number>> = { m0: 2, m1: 4, m2: 5, m3: 10 };

const anyStep = fc.record({
  workspaceId: fc.constantFrom("a", "b", "c"),
  priority: fc.nat(1),
  op: fc.constantFrom("paint", "paint", "paint", "upscale"),
  model: fc.constantFrom(...modelNames, ""),
  adapter: fc.constantFrom(null, null, "l0", "l1"),
  batchKey: fc.constantFrom("small", "large"),
  serviceMs: fc.integer({ min: 100, max: 8_000 }),
  afterMs: fc.nat(3_000),
});

const anyRunner = fc.record({
  ops: fc.constantFrom(["paint"], ["paint", "upscale"], ["upscale"]),
  slots: fc.integer({ min: 1, max: 4 }),
  cap: fc.integer({ min: 1, max: 3 }),
});

const anyWorld = fc.record({
  runners: fc.array(anyRunner, { minLength: 1, maxLength: 4 }),
  steps: fc.array(anyStep, { minLength: 1, maxLength: 60 }),
  quota: fc.constantFrom(1, 3, Number.POSITIVE_INFINITY),
});

type World = typeof anyWorld extends fc.Arbitrary<infer Value> ? Value : never;

const options = { patienceMs: 10_000 };

interface Started {
  readonly step: ReadyStep;
  readonly atMs: number;
}

/** Plays a world until all is done; `check` sees the runner as it was before each lease. */
function play(world: World, check: (cluster: Cluster, before: Runner, nowMs: number) => void) {
  const cluster = new Cluster(options);
  cluster.ready.setQuota("a", world.quota);
  for (const [place, { ops, slots, cap }] of world.runners.entries()) {
    const batchCaps = new Map([["small", cap]]);
    cluster.setRunner(buildRunner(`r${place}`, { ops: new Set(ops), slots, batchCaps }));
  }
  let nowMs = 0;
  const coming = world.steps.map((one, place) => {
    nowMs += one.afterMs;
    return { atMs: nowMs, step: toStep(one, place, nowMs) };
  });
  const canEver = coming.filter(({ step }) =>
    world.runners.some(({ ops }) => ops.some((op) => op === step.op)),
  );
  const endMs = nowMs + canEver.length * 80_000 + 60_000;
  const started: Started[] = [];
  for (nowMs = 0; nowMs <= endMs && started.length < canEver.length; nowMs += 500) {
    while (coming[0] !== undefined && coming[0].atMs <= nowMs)
      cluster.addStep((coming.shift() ?? coming[0]).step);
    for (const place of world.runners.keys()) {
      endTasks(cluster, `r${place}`, nowMs);
      const before = cluster.fleet.get(`r${place}`);
      if (before === undefined) continue;
      check(cluster, before, nowMs);
      const { leased } = leaseTo(cluster, before.id, nowMs);
      started.push(...leased.map(({ step }) => ({ step, atMs: nowMs })));
    }
  }
  return { started, canEver: canEver.map(({ step }) => step), cluster };
}

function toStep(one: World["steps"][number], place: number, readyAtMs: number): ReadyStep {
  const { model, adapter, workspaceId, priority, op, serviceMs } = one;
  return buildStep(`s${String(place).padStart(3, "0")}`, {
    workspaceId,
    priority,
    op,
    serviceMs,
    readyAtMs,
    weights: model === "" ? [] : [weights(model, modelSizes[model])],
    adapters: adapter === null ? [] : [weights(adapter, 0.125)].filter(() => model !== "m3"),
    batchKey: one.batchKey,
  });
}

function deviceBytesAfter(runner: Runner, evict: readonly string[], steps: readonly ReadyStep[]) {
  const sizes = new Map<string, number>();
  for (const [hash, held] of [...runner.models, ...runner.adapters])
    if (held.onDevice && !evict.includes(hash)) sizes.set(hash, held.sizeBytes);
  for (const ref of steps.flatMap((step) => [...neededBy(step)]))
    sizes.set(ref.hash, ref.sizeBytes);
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

describe("a lease", () => {
  it("S4: a runner of one workspace gets only that one's steps, also when others are due, and charges nothing", () => {
    const cluster = new Cluster(options);
    cluster.addStep(buildStep("theirs", { workspaceId: "a" }));
    for (const id of ["own1", "own2"]) cluster.addStep(buildStep(id, { workspaceId: "b" }));
    cluster.ready.charge("b", 100_000);
    cluster.setRunner(buildRunner("r", { workspaceId: "b", slots: 4 }));
    const leased = [0, 1, 2].flatMap((turn) => leaseTo(cluster, "r", turn).leased);
    expect(leased.map(({ step }) => step.id)).toEqual(["own1", "own2"]);
    expect(leased.map(({ chargeMs }) => chargeMs)).toEqual([0, 0]);
    cluster.setRunner(buildRunner("any"));
    expect(leaseTo(cluster, "any", 3).leased.map(({ step }) => step.id)).toEqual(["theirs"]);
  });

  it("S4–S6: fits the runner beside what it runs, evicts nothing in use and enough, and is one batch", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        play(world, (cluster, runner, nowMs) => {
          const { leased, evict } = lease(cluster, { runnerId: runner.id, nowMs });
          const steps = leased.map(({ step }) => step);
          const running = [...runner.running.map(({ step }) => step), ...steps];
          expect(running.length).toBeLessThanOrEqual(runner.slots);
          expect(steps.every(({ op }) => runner.ops.has(op))).toBe(true);
          expect(deviceBytesAfter(runner, evict, running)).toBeLessThanOrEqual(runner.deviceBytes);
          const needed = new Set(running.flatMap((step) => neededBy(step).map(({ hash }) => hash)));
          expect(evict.filter((hash) => needed.has(hash))).toEqual([]);
          const [first, ...others] = steps;
          for (const { op, batchKey, weights: refs, adapters } of others) {
            expect([op, batchKey, refs]).toEqual([first?.op, first?.batchKey, first?.weights]);
            expect(adapters.every(({ hash }) => runner.adapters.get(hash)?.onDevice)).toBe(true);
          }
          const cap = runner.batchCaps.get(first?.batchKey ?? "") ?? 1;
          expect(steps.length).toBeLessThanOrEqual(cap);
        });
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it("S7: every step that some runner can do is leased, once, within a bounded time", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { started, canEver, cluster } = play(world, () => {});
        const ids = started.map(({ step }) => step.id).toSorted();
        expect(ids).toEqual(canEver.map(({ id }) => id).toSorted());
        for (const name of ["a", "b", "c"])
          expect(cluster.ready.account(name).running).toBeLessThanOrEqual(started.length);
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it("S7: a step that fills the device begins although small ones come without end", () => {
    const cluster = new Cluster(options);
    for (const id of ["r0", "r1"]) cluster.setRunner(buildRunner(id, { slots: 3 }));
    cluster.addStep(buildStep("large", { weights: [weights("m3", 10)], readyAtMs: 0 }));
    const begun = serveSmallOnes(cluster, "large");
    expect(begun).toBeLessThanOrEqual(options.patienceMs + 30_000);
  });

  it("S7: a step of a rare model is overtaken only by those that come within four times its load and keepMs, without end as they are", () => {
    const cluster = new Cluster();
    cluster.setRunner(buildRunner("r0", { models: new Map([["m0", onDevice(2)]]) }));
    cluster.addStep(buildStep("rare", { weights: [weights("rare")], readyAtMs: 0 }));
    const { keepMs } = cluster.options;
    const overtaken: number[] = [];
    expect(serveSmallOnes(cluster, "rare", overtaken)).toBeLessThan(600_000);
    expect(Math.max(...overtaken)).toBeLessThanOrEqual(4 * (20_000 + keepMs));
  });

  it("S8: the same state gives the same answer, and asking changes nothing", () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        play(world, (cluster, runner, nowMs) => {
          const ask = () => lease(cluster, { runnerId: runner.id, nowMs });
          expect(ask()).toEqual(ask());
        });
        const once = play(world, () => {}).started;
        expect(play(world, () => {}).started).toEqual(once);
      }),
      { seed: 7, numRuns: 50 },
    );
  });

  it("S5: what other rows of a batch need is not evicted for the first", () => {
    const cluster = new Cluster();
    const adapters = new Map<string, Held>([
      ["old", { ...onDevice(1), inRamAtMs: 0 }],
      ["worn", { ...onDevice(1), inRamAtMs: 0 }],
    ]);
    cluster.setRunner(
      buildRunner("r", {
        slots: 2,
        deviceBytes: 6 * gib,
        batchCaps: new Map([["m", 2]]),
        models: new Map([["m", inRam()]]),
        adapters,
      }),
    );
    const [plain, wearing] = [
      buildStep("first", { adapters: [weights("new", 1)] }),
      buildStep("second", { adapters: [weights("worn", 1)], readyAtMs: 1 }),
    ];
    for (const step of [plain, wearing]) cluster.addStep(step);
    const { leased, evict } = lease(cluster, { runnerId: "r", nowMs: 1 });
    expect(leased.map(({ step }) => step.id)).toEqual(["first", "second"]);
    expect(evict).toEqual(["old"]);
  });

  it("S5: weights that a task is still loading, and that its runner does not report yet, have their room", () => {
    const cluster = new Cluster();
    const running = [{ step: buildStep("now"), endsAtMs: 9_000, isPreemptible: false }];
    const models = new Map([["idle", onDevice(4)]]);
    cluster.setRunner(buildRunner("r", { slots: 2, running, models }));
    cluster.addStep(buildStep("next", { weights: [weights("n")] }));
    const { leased, evict } = lease(cluster, { runnerId: "r", nowMs: 0 });
    expect(leased.map(({ step }) => step.id)).toEqual(["next"]);
    expect(evict).toEqual(["idle"]);
  });
});

/** When a step begins while a small one of a resident model comes every 300 ms, and when those came that began before it, ms. */
function serveSmallOnes(cluster: Cluster, id: string, overtaken: number[] = []): number {
  for (let nowMs = 0; nowMs < 600_000; nowMs += 100) {
    if (nowMs % 300 === 0)
      cluster.addStep(
        buildStep(`s${nowMs}`, { weights: [weights("m0", 2)], readyAtMs: nowMs, serviceMs: 900 }),
      );
    for (const runner of cluster.fleet.soonest.inOrder())
      expect(bytesInUse(runner.runner)).toBeLessThanOrEqual(10 * gib);
    for (const runnerId of ["r0", "r1"]) {
      if (cluster.fleet.get(runnerId) === undefined) continue;
      endTasks(cluster, runnerId, nowMs);
      const { leased } = leaseTo(cluster, runnerId, nowMs);
      if (leased.some(({ step }) => step.id === id)) return nowMs;
      overtaken.push(...leased.map(({ step }) => step.readyAtMs));
    }
  }
  return Number.POSITIVE_INFINITY;
}
