import { describe, expect, it } from "vitest";
import {
  buildRunner,
  buildStep,
  endTasks,
  leaseTo,
  onDevice,
  weights,
} from "../testing/build-cluster.ts";
import { admit } from "./admit.ts";
import { Cluster } from "./cluster.ts";

function clusterWith(waiting: number): Cluster {
  const cluster = new Cluster();
  cluster.setRunner(buildRunner("r", { models: new Map([["m", onDevice()]]) }));
  for (let number = 0; number < waiting; number += 1) cluster.addStep(buildStep(`s${number}`));
  return cluster;
}

/** When a step that is put in now is done, ms. */
function doneAt(cluster: Cluster, id: string): number {
  for (let nowMs = 0; ; nowMs += 100) {
    endTasks(cluster, "r", nowMs);
    const { leased } = leaseTo(cluster, "r", nowMs);
    const found = leased.find(({ step }) => step.id === id);
    if (found !== undefined) return nowMs + found.step.serviceMs;
  }
}

describe("whether a deadline can be met", () => {
  it("S12: is told before the step is taken in, and is what then happens", () => {
    for (const waiting of [0, 1, 5, 20]) {
      const cluster = clusterWith(waiting);
      const step = buildStep("t", { readyAtMs: 1 });
      const told = admit(cluster, { ...step, deadlineMs: (waiting + 1) * 1_000 }, 0);
      expect(told).toEqual({ type: "admitted", doneMs: (waiting + 1) * 1_000 });
      const late = admit(cluster, { ...step, deadlineMs: (waiting + 1) * 1_000 - 1 }, 0);
      expect(late).toEqual({ type: "too_late", doneMs: (waiting + 1) * 1_000 });
      cluster.addStep(step);
      expect(doneAt(cluster, "t")).toBe((waiting + 1) * 1_000);
    }
  });

  it("S12: counts the load of what is not there", () => {
    const cold = buildStep("t", { weights: [weights("n")], deadlineMs: 20_000 });
    expect(admit(clusterWith(0), cold, 0)).toEqual({ type: "too_late", doneMs: 21_000 });
  });

  it("S12: another workspace's long line counts only for the share that it has", () => {
    const step = buildStep("t", { workspaceId: "small", deadlineMs: 3_000 });
    const told = admit(clusterWith(100), { ...step, weights: [] }, 0);
    expect(told).toEqual({ type: "admitted", doneMs: 2_000 });
  });

  it("S12: a pool whose memory is only taken now will have room; one without the op or the memory never", () => {
    const cluster = clusterWith(0);
    const running = [{ step: buildStep("now"), endsAtMs: 2_000, isPreemptible: false }];
    cluster.setRunner(
      buildRunner("r", { running, freeAtMs: 2_000, models: new Map([["m", onDevice()]]) }),
    );
    const large = buildStep("t", { weights: [weights("n", 9)] });
    expect(admit(cluster, large, 0)).toEqual({ type: "admitted", doneMs: 48_000 });
    expect(admit(cluster, { ...large, weights: [weights("n", 11)] }, 0).type).toBe("no_runner");
    expect(admit(cluster, { ...large, op: "film" }, 0).type).toBe("no_runner");
  });
});
