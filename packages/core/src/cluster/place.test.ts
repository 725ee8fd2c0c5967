import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunner, buildStep, inRam, onDevice, weights } from "../testing/build-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { Runner } from "./cluster-types.ts";
import { lease } from "./lease.ts";
import { place } from "./place.ts";
import { chooseReader, prefetch } from "./prefetch.ts";

/** Runner "cold" has nothing; "warm" holds the model and is free at `freeAtMs`. */
function clusterWith(freeAtMs: number, warm: Partial<Runner> = {}): Cluster {
  const cluster = new Cluster();
  cluster.setRunner(buildRunner("cold"));
  const running = [{ step: buildStep("now"), endsAtMs: freeAtMs, isPreemptible: false }];
  const models = new Map([["m", onDevice()]]);
  cluster.setRunner(buildRunner("warm", { models, running, freeAtMs, ...warm }));
  return cluster;
}

function placeOn(cluster: Cluster, id: string, nowMs = 0) {
  const runner = cluster.fleet.get(id);
  const step = cluster.ready.step("s0");
  if (runner === undefined || step === undefined) throw new Error("neither was put in");
  return place(cluster, runner, { step, nowMs });
}

describe("where a step begins", () => {
  it("S9: where its model is, unless loading it elsewhere ends sooner than the line there", () => {
    const loadMs = 20_000;
    fc.assert(
      fc.property(fc.nat(40_000), fc.integer({ min: 1, max: 40 }), (freeAtMs, waiting) => {
        const cluster = clusterWith(freeAtMs);
        for (let number = 0; number < waiting; number += 1)
          cluster.addStep(buildStep(`s${number}`));
        const lastStartMs = freeAtMs + (waiting - 1) * 1_000;
        expect(placeOn(cluster, "cold").type).toBe(loadMs <= lastStartMs ? "start" : "leave");
        expect(placeOn(cluster, "warm").type).toBe("start");
      }),
      { seed: 8, numRuns: 200 },
    );
  });

  it("S9: by what the load takes from the tier where the model is", () => {
    const cluster = clusterWith(3_000);
    cluster.addStep(buildStep("s0"));
    expect(placeOn(cluster, "cold")).toMatchObject({ type: "leave", runnerId: "warm" });
    cluster.setRunner(buildRunner("cold", { models: new Map([["m", inRam()]]) }));
    expect(placeOn(cluster, "cold")).toEqual({ type: "start", loadMs: 400 });
  });

  it("S9: nothing is left for a runner that cannot do it", () => {
    const cluster = clusterWith(1_000, { ops: new Set(["upscale"]) });
    cluster.addStep(buildStep("s0"));
    expect(placeOn(cluster, "cold").type).toBe("start");
    const small = clusterWith(1_000, { deviceBytes: 1 });
    small.addStep(buildStep("s0"));
    expect(placeOn(small, "cold").type).toBe("start");
  });

  it("S9: nothing is left longer than patienceMs, and nobody is told to ask again at once", () => {
    const cluster = clusterWith(1_000);
    const { patienceMs } = cluster.options;
    cluster.addStep(buildStep("s0"));
    const { askAgainMs } = lease(cluster, { runnerId: "cold", nowMs: 2_000 });
    expect(askAgainMs).toBeGreaterThan(2_000);
    expect(askAgainMs).toBeLessThanOrEqual(patienceMs);
    expect(placeOn(cluster, "cold", patienceMs - 1).type).toBe("leave");
    expect(placeOn(cluster, "cold", patienceMs).type).toBe("start");
  });

  it("S9: what a runner held and has dropped counts no more", () => {
    const cluster = clusterWith(1_000);
    cluster.addStep(buildStep("s0", { weights: [weights("m")] }));
    cluster.setRunner(
      buildRunner("warm", {
        models: new Map([["m", { ...onDevice(), onDevice: false }]]),
      }),
    );
    expect(placeOn(cluster, "cold").type).toBe("start");
    expect(cluster.orphans.size).toBe(1);
  });

  it("S13: where runners read ahead, no device waits for a disk that RAM could stand before", () => {
    const cluster = new Cluster({ readsAhead: true });
    cluster.setRunner(buildRunner("r"));
    cluster.addStep(buildStep("s0"));
    const [runner, step] = [cluster.fleet.get("r"), cluster.ready.step("s0")];
    if (runner === undefined || step === undefined) throw new Error("neither was put in");
    expect(placeOn(cluster, "r")).toEqual({ type: "read", untilMs: 20_000 });
    expect(lease(cluster, { runnerId: "r", nowMs: 0 }).leased).toEqual([]);
    expect(chooseReader(cluster, step, 0)).toBe(runner);
    expect(prefetch(cluster, runner, 0)?.ref.hash).toBe("m");
    cluster.setRunner({ ...runner, models: new Map([["m", inRam(20_000)]]) });
    expect(placeOn(cluster, "r", 19_999).type).toBe("read");
    expect(placeOn(cluster, "r", 20_000)).toEqual({ type: "start", loadMs: 400 });
    cluster.setRunner({ ...runner, ramBytes: 1 });
    expect(placeOn(cluster, "r")).toEqual({ type: "start", loadMs: 20_000 });
    cluster.setRunner(runner);
    expect(placeOn(cluster, "r", cluster.options.patienceMs).type).toBe("start");
  });
});
