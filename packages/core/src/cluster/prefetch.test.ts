import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunner, buildStep, gib, inRam, onDevice, weights } from "../testing/build-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { Held, Runner } from "./cluster-types.ts";
import { prefetch, type Prefetch } from "./prefetch.ts";

/** Does what a prefetch says, as a dispatcher does: the runner reads from now on. */
function read(cluster: Cluster, runner: Runner, wanted: Prefetch, untilMs: number): void {
  const without = (held: ReadonlyMap<string, Held>) =>
    new Map([...held].filter(([hash]) => !wanted.evict.includes(hash)));
  const [models, adapters] = [without(runner.models), without(runner.adapters)];
  const { hash, sizeBytes } = wanted.ref;
  (wanted.kind === "model" ? models : adapters).set(hash, {
    sizeBytes,
    onDevice: false,
    inRamAtMs: untilMs,
  });
  if (wanted.forStepId !== null) cluster.fetching.set(wanted.forStepId, runner.id);
  cluster.setRunner({ ...runner, models, adapters });
}

function busy(id: string, changes: Partial<Runner> = {}): Runner {
  const step = buildStep(`on ${id}`, { weights: [weights("m", 8)] });
  return buildRunner(id, {
    running: [{ step, endsAtMs: 60_000, isPreemptible: false }],
    freeAtMs: 60_000,
    models: new Map([["m", onDevice(8)]]),
    ...changes,
  });
}

describe("what a runner reads ahead", () => {
  it("S10: nothing that it has or reads, one at a time, no model that waits twice, and only what RAM has room for", () => {
    const anyModels = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(anyModels, fc.integer({ min: 4, max: 24 }), (models, ramGib) => {
        const cluster = new Cluster();
        for (const id of ["r0", "r1", "r2"])
          cluster.setRunner(busy(id, { ramBytes: ramGib * gib }));
        for (const model of models)
          cluster.addStep(
            buildStep(`s${model}`, { weights: [weights(`n${model}`, 1 + (model % 8))] }),
          );
        const fetched: string[] = [];
        for (let nowMs = 0; nowMs < 40_000; nowMs += 1_000)
          for (const id of ["r0", "r1", "r2"]) {
            const runner = cluster.fleet.get(id);
            const wanted = runner && prefetch(cluster, runner, nowMs);
            if (!runner || !wanted) continue;
            const held = [...runner.models.values()];
            expect(held.every(({ inRamAtMs }) => (inRamAtMs ?? 0) <= nowMs)).toBe(true);
            expect(runner.models.has(wanted.ref.hash)).toBe(false);
            const stays = [...runner.models].filter(([hash]) => !wanted.evict.includes(hash));
            const bytes = stays
              .filter(([, { inRamAtMs }]) => inRamAtMs !== null)
              .reduce((sum, [, { sizeBytes }]) => sum + sizeBytes, wanted.ref.sizeBytes);
            expect(bytes).toBeLessThanOrEqual(runner.ramBytes);
            fetched.push(wanted.ref.hash);
            read(cluster, runner, wanted, nowMs + 3_000);
            if (wanted.evict.length === 0)
              expect(new Set(fetched).size, "read twice").toBe(fetched.length);
            else fetched.length = 0;
          }
      }),
      { seed: 9, numRuns: 100 },
    );
  });

  it("S10: a model that waits and that nobody has, although it does not fit beside what runs now", () => {
    const cluster = new Cluster();
    cluster.setRunner(busy("r"));
    cluster.addStep(buildStep("s", { weights: [weights("n", 8)] }));
    const runner = cluster.fleet.get("r");
    expect(runner && prefetch(cluster, runner, 0)?.ref.hash).toBe("n");
  });

  it("S10: first what the steps after the running ones need, then adapters of those that wait for its model", () => {
    const cluster = new Cluster();
    const step = buildStep("now", { downstream: [weights("after", 1)] });
    const running = [{ step, endsAtMs: 60_000, isPreemptible: false }];
    cluster.setRunner(busy("r", { running }));
    cluster.addStep(buildStep("s0", { adapters: [weights("l", 1)], weights: [weights("m", 8)] }));
    cluster.addStep(buildStep("s1", { weights: [weights("n")] }));
    const order: string[] = [];
    for (let nowMs = 0; nowMs < 10_000; nowMs += 1_000) {
      const runner = cluster.fleet.get("r");
      const wanted = runner && prefetch(cluster, runner, nowMs);
      if (!runner || !wanted) break;
      order.push(wanted.ref.hash);
      read(cluster, runner, wanted, nowMs + 500);
    }
    expect(order).toEqual(["after", "l", "n"]);
  });

  it("S10: another copy of a model only when its line is longer than the read", () => {
    const cluster = new Cluster();
    cluster.setRunner(buildRunner("free"));
    cluster.setRunner(busy("holder", { models: new Map([["m", inRam()]]), freeAtMs: 5_000 }));
    const free = cluster.fleet.get("free");
    for (let number = 0; number < 30; number += 1) {
      cluster.addStep(buildStep(`s${number}`));
      const lastStartMs = 5_000 + 400 + number * 1_000;
      const isWorth = 20_000 < lastStartMs;
      expect((free && prefetch(cluster, free, 0)) !== null).toBe(isWorth);
    }
  });
});
