import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  buildRunner,
  buildStep,
  endTasks,
  leaseTo,
  onDevice,
  weights,
} from "../testing/build-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { ReadyStep } from "./cluster-types.ts";
import { ReadyIndex } from "./ready-index.ts";

/** The step whose turn it is among all that is READY. */
function nextOf(index: ReadyIndex, models: readonly string[]): ReadyStep | undefined {
  const turns = models.flatMap((hash) => index.model(hash)?.lines.peek()?.turn ?? []);
  return turns.toSorted(
    (first, second) =>
      first.chargedMs - second.chargedMs ||
      first.step.readyAtMs - second.step.readyAtMs ||
      (first.step.id < second.step.id ? -1 : 1),
  )[0]?.step;
}

const names = ["a", "b", "c", "d"];

describe("who is next", () => {
  it("S1: workspaces that always wait were never charged more than one step apart, in whatever order theirs came", () => {
    const step = fc.record({
      workspaceId: fc.constantFrom(...names),
      serviceMs: fc.integer({ min: 1, max: 9_000 }),
      model: fc.constantFrom("m", "n"),
      readyAtMs: fc.nat(100),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), (steps) => {
        const index = new ReadyIndex(() => {});
        for (const [number, { model, ...rest }] of steps.entries())
          index.add(buildStep(`s${number}`, { ...rest, weights: [weights(model)] }));
        const waits = (name: string) => (index.knownAccount(name)?.ready ?? 0) > 0;
        const backlogged = names.filter(waits);
        const most = Math.max(...steps.map(({ serviceMs }) => serviceMs));
        for (let next = nextOf(index, ["m", "n"]); next; next = nextOf(index, ["m", "n"])) {
          index.take(next.id, next.serviceMs);
          if (!backlogged.every(waits)) break;
          const charges = backlogged.map((name) => index.account(name).chargedMs);
          expect(Math.max(...charges) - Math.min(...charges)).toBeLessThanOrEqual(most);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("S1: through a lease with weights that change, workspaces are at most aheadMs a slot and one charge apart", () => {
    const options = { aheadMs: 5_000, keepMs: 1_000 };
    const cluster = new Cluster(options);
    for (const name of ["r0", "r1"]) cluster.setRunner(buildRunner(name));
    for (const [place, name] of names.entries())
      for (let number = 0; number < 200; number += 1)
        cluster.addStep(
          buildStep(`${name}${number}`, { workspaceId: name, weights: [weights(`m${place % 3}`)] }),
        );
    const mostMs = 1_000 + 20_000;
    for (let nowMs = 0; nowMs < 200_000; nowMs += 500)
      for (const runner of ["r0", "r1"]) {
        endTasks(cluster, runner, nowMs);
        leaseTo(cluster, runner, nowMs);
        const charges = names.map((name) => cluster.ready.account(name).chargedMs);
        expect(Math.max(...charges) - Math.min(...charges)).toBeLessThanOrEqual(
          2 * options.aheadMs + mostMs,
        );
      }
  });

  it("S2: who comes later, or was held back by a quota, does not get that time back", () => {
    const index = new ReadyIndex(() => {});
    for (let number = 0; number < 20; number += 1)
      index.add(buildStep(`a${number}`, { workspaceId: "a" }));
    index.setQuota("b", 0);
    index.add(buildStep("b0", { workspaceId: "b" }));
    index.add(buildStep("b1", { workspaceId: "b" }));
    for (let number = 0; number < 10; number += 1) index.take(`a${number}`, 1_000);
    index.add(buildStep("c0", { workspaceId: "c" }));
    index.setQuota("b", 5);
    expect(index.account("b").chargedMs).toBe(10_000);
    expect(index.account("c").chargedMs).toBe(10_000);
    expect(index.activeWorkspaces).toBe(3);
  });

  it("S2: who had nothing goes before those who always have something, for its credit, and has it again only once they had as much", () => {
    const index = new ReadyIndex(() => {}, { creditMs: 3_000 });
    for (let number = 0; number < 40; number += 1)
      index.add(buildStep(`a${number}`, { workspaceId: "a" }));
    for (let number = 0; number < 10; number += 1) index.take(`a${number}`, 1_000);
    const got: string[] = [];
    const takeNext = () => {
      const step = nextOf(index, ["m"]);
      if (step === undefined) return;
      index.take(step.id, 1_000);
      index.end(step.workspaceId, 0);
      got.push(step.workspaceId);
    };
    for (let number = 0; number < 3; number += 1)
      index.add(buildStep(`b${number}`, { workspaceId: "b" }));
    for (let turn = 0; turn < 3; turn += 1) takeNext();
    expect(got).toEqual(["b", "b", "b"]);
    // It leaves and comes back at once: nothing is owed to it.
    for (let number = 3; number < 6; number += 1)
      index.add(buildStep(`b${number}`, { workspaceId: "b" }));
    for (let turn = 0; turn < 6; turn += 1) takeNext();
    expect(got.slice(3).filter((id) => id === "b")).toHaveLength(3);
    expect(got.slice(3, 5)).toContain("a");
  });

  it("S2: what was charged too much is given back when the step ends", () => {
    const index = new ReadyIndex(() => {});
    for (const id of ["a0", "a1", "a2"]) index.add(buildStep(id, { workspaceId: "a" }));
    index.take("a0", 9_000);
    index.end("a", -8_000);
    expect(index.account("a").chargedMs).toBe(1_000);
    expect(index.account("a").running).toBe(0);
  });

  it("S3: within a workspace the highest priority goes first, then who has waited longest; never more than the quota", () => {
    const step = fc.record({ priority: fc.nat(3), readyAtMs: fc.nat(50), isHeld: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(5), (steps, quota) => {
        const index = new ReadyIndex(() => {});
        const all = steps.map(({ priority, readyAtMs }, place) =>
          buildStep(`s${String(place).padStart(2, "0")}`, { priority, readyAtMs }),
        );
        for (const one of all) index.add(one);
        for (const [place, { isHeld }] of steps.entries())
          if (isHeld) index.remove(`s${String(place).padStart(2, "0")}`);
        index.setQuota("w", quota);
        const wanted = all
          .filter((_, place) => steps[place]?.isHeld === false)
          .toSorted(
            (first, second) =>
              second.priority - first.priority ||
              first.readyAtMs - second.readyAtMs ||
              (first.id < second.id ? -1 : 1),
          );
        for (const one of wanted.slice(0, quota)) {
          expect(nextOf(index, ["m"])).toEqual(one);
          index.take(one.id, 1);
        }
        expect(index.account("w").running).toBe(Math.min(quota, wanted.length));
        if (wanted.length > quota) expect(nextOf(index, ["m"])).toBeUndefined();
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("S3: a lease of many rows stays within the quota", () => {
    const cluster = new Cluster();
    const batchCaps = new Map([["m", 8]]);
    const models = new Map([["m", onDevice()]]);
    cluster.setRunner(buildRunner("r", { slots: 8, batchCaps, models }));
    cluster.ready.setQuota("w", 3);
    for (let number = 0; number < 8; number += 1) cluster.addStep(buildStep(`s${number}`));
    expect(leaseTo(cluster, "r", 0).leased).toHaveLength(3);
    expect(leaseTo(cluster, "r", 0).leased).toHaveLength(0);
  });

  it("S8: what the index says of a backlog is what is in it, after any changes, and nothing is left when all is gone", () => {
    const change = fc.record({
      kind: fc.constantFrom("add", "add", "remove", "take", "quota", "end"),
      id: fc.nat(20),
      workspaceId: fc.constantFrom(...names),
      priority: fc.nat(2),
      op: fc.constantFrom("paint", "upscale"),
      model: fc.constantFrom("m", "n", ""),
      serviceMs: fc.integer({ min: 1, max: 50 }),
      quota: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 150 }), (changes) => {
        const index = new ReadyIndex(() => {});
        const plain = new Map<string, ReadyStep>();
        for (const { kind, id, model, quota, ...rest } of changes) {
          const key = `s${id}`;
          if (kind === "add") {
            const refs = model === "" ? [] : [weights(model)];
            const step = buildStep(key, { ...rest, weights: refs });
            plain.set(key, step);
            index.add(step);
          } else if (kind === "remove") {
            plain.delete(key);
            index.remove(key);
          } else if (kind === "take") {
            if (plain.delete(key)) index.take(key, rest.serviceMs);
          } else if (kind === "quota") index.setQuota(rest.workspaceId, quota);
          else if (index.account(rest.workspaceId).running > 0) index.end(rest.workspaceId, 0);
          expectSame(index, plain);
        }
        for (const key of plain.keys()) index.remove(key);
        expect(index.size).toBe(0);
        expect(index.backlogMs).toBe(0);
        for (const hash of ["m", "n", ""]) expect(index.model(hash)).toBeUndefined();
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});

function expectSame(index: ReadyIndex, plain: ReadonlyMap<string, ReadyStep>): void {
  const steps = [...plain.values()];
  const sum = (some: readonly ReadyStep[]) =>
    some.reduce((total, { serviceMs }) => total + serviceMs, 0);
  expect(index.backlogMs).toBe(sum(steps));
  const leasable = steps.filter(({ workspaceId, priority, op }) => {
    const { running, quota } = index.account(workspaceId);
    const own = steps.filter((other) => other.workspaceId === workspaceId && other.op === op);
    return running < quota && priority === Math.max(...own.map((other) => other.priority));
  });
  expect(index.activeWorkspaces).toBe(new Set(leasable.map((step) => step.workspaceId)).size);
  for (const hash of ["m", "n", ""]) {
    const own = steps.filter((step) => (step.weights[0]?.hash ?? "") === hash);
    const shown = leasable.filter((step) => own.includes(step));
    expect(index.model(hash)?.waiting ?? 0).toBe(own.length);
    expect(index.model(hash)?.backlogMs ?? 0).toBe(sum(shown));
    const turns = [...(index.model(hash)?.lines.inOrder() ?? [])].flatMap(({ line }) => [
      ...line.turns.inOrder(),
    ]);
    expect(new Set(turns.map(({ step }) => step.workspaceId))).toEqual(
      new Set(shown.map((step) => step.workspaceId)),
    );
  }
}
