import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildRunner, buildStep, onDevice, weights } from "../testing/build-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { Runner } from "./cluster-types.ts";
import { preempt } from "./preempt.ts";

const models = new Map([["m", onDevice()]]);

function askFor(runners: readonly Runner[], urgent: ReturnType<typeof buildStep>) {
  const cluster = new Cluster();
  for (const runner of runners) cluster.setRunner(runner);
  return preempt(cluster, urgent, { runners, nowMs: 0 });
}

function busy(id: string, step: ReturnType<typeof buildStep>, changes: Partial<Runner> = {}) {
  const running = [{ step, endsAtMs: 60_000, isPreemptible: true }];
  return buildRunner(id, { running, models, freeAtMs: 60_000, ...changes });
}

describe("which running task gives way", () => {
  it("S11: only one of the same workspace, of a lower priority, that can go on later", () => {
    const task = fc.record({
      workspaceId: fc.constantFrom("w", "v"),
      priority: fc.nat(4),
      isPreemptible: fc.boolean(),
      endsAtMs: fc.integer({ min: 10_000, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 6 }), fc.nat(4), (tasks, priority) => {
        const runners = tasks.map(({ isPreemptible, endsAtMs, ...rest }, place) => {
          const running = [{ step: buildStep(`t${place}`, rest), endsAtMs, isPreemptible }];
          return buildRunner(`r${place}`, { running, models, freeAtMs: endsAtMs });
        });
        const found = askFor(runners, buildStep("urgent", { priority }));
        const below = tasks.flatMap((one, place) =>
          one.workspaceId === "w" && one.priority < priority && one.isPreemptible
            ? [{ ...one, id: `t${place}` }]
            : [],
        );
        expect(found === null).toBe(below.length === 0);
        const chosen = below.find(({ id }) => id === found?.stepId);
        if (found !== null)
          expect(chosen?.priority).toBe(Math.min(...below.map((one) => one.priority)));
      }),
      { seed: 10, numRuns: 200 },
    );
  });

  it("S11: none while a slot that could take the step is free; a free one without the memory does not count", () => {
    const urgent = buildStep("urgent", { priority: 1 });
    const low = busy("r", buildStep("low"));
    expect(askFor([low, buildRunner("free")], urgent)).toBeNull();
    const tiny = buildRunner("tiny", { deviceBytes: 1 });
    expect(askFor([low, tiny], urgent)).toEqual({ runnerId: "r", stepId: "low" });
  });

  it("S11: none where the load costs more than the wait", () => {
    const urgent = buildStep("urgent", { priority: 1, weights: [weights("n")] });
    expect(askFor([busy("r", buildStep("low"), { freeAtMs: 20_000 })], urgent)).toBeNull();
    expect(askFor([busy("r", buildStep("low"), { freeAtMs: 20_001 })], urgent)).not.toBeNull();
  });

  it("S11: the memory of the one that gives way counts as free", () => {
    const urgent = buildStep("urgent", { priority: 1, weights: [weights("n", 9)] });
    expect(askFor([busy("r", buildStep("low"))], urgent)).toEqual({ runnerId: "r", stepId: "low" });
  });
});
