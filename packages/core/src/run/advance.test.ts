import { describe, expect, it } from "vitest";
import type { StepError } from "../errors.ts";
import { planOfSteps } from "../testing/arbitrary-plan.ts";
import { advance } from "./advance.ts";
import { startRun, type RunAction, type RunEffect, type RunState } from "./run-state.ts";

const userError: StepError = { class: "USER", code: "bad", message: "Bad value" };
const infraError: StepError = { class: "INFRA", code: "disk", message: "No disk" };

/** Applies the actions one after the other. */
function play(run: RunState, ...actions: RunAction[]): { run: RunState; effects: RunEffect[] } {
  const effects: RunEffect[] = [];
  let current = run;
  for (const action of actions) {
    const next = advance(current, action);
    current = next.run;
    effects.push(...next.effects);
  }
  return { run: current, effects };
}

const start = (...needs: number[][]) => startRun(planOfSteps(needs)).run;
const claim = (step: string, runnerId = "r1"): RunAction => ({ type: "claim", step, runnerId });
const succeed = (step: string, epoch = 1): RunAction => ({ type: "succeed", step, epoch });
const fail = (step: string, error = userError, epoch = 1): RunAction => ({
  type: "fail",
  step,
  epoch,
  error,
});
const settle = (step: string): RunAction => ({ type: "settle", step });

const statuses = (run: RunState) =>
  Object.fromEntries([...run.steps.values()].map(({ key, status }) => [key, status]));
const events = (effects: readonly RunEffect[]) =>
  effects.flatMap((effect) => (effect.type === "event" ? effect.event : []));
const rejected = (run: RunState, action: RunAction) => {
  const next = advance(run, action);
  return next.run === run && next.effects.length === 1 && next.effects[0]?.type === "reject";
};

/** s0 → s1 → s3, s2 apart */
const diamond = [[], [0], [], [1]];

describe("advance", () => {
  it("R2: starts with what needs nothing, and readies a step when the last of its needs has succeeded", () => {
    const first = startRun(planOfSteps([[], [], [0, 1]]));
    expect(first.effects).toEqual([
      { type: "event", event: "run.queued", step: null },
      { type: "dispatch", step: "s0", maxDelayMs: 0 },
      { type: "dispatch", step: "s1", maxDelayMs: 0 },
    ]);
    const half = play(first.run, claim("s0"), succeed("s0"));
    expect(statuses(half.run)).toEqual({ s0: "SUCCEEDED", s1: "READY", s2: "BLOCKED" });
    const ready = play(half.run, settle("s1"));
    expect(statuses(ready.run)).toEqual({ s0: "SUCCEEDED", s1: "SUCCEEDED", s2: "READY" });
  });

  it("R10: tells the whole story of a run, once", () => {
    const { effects } = play(start([], [0]), claim("s0"), succeed("s0"), settle("s1"));
    expect(events(effects)).toEqual([
      "run.started",
      "step.started",
      "step.succeeded",
      "step.succeeded",
      "run.succeeded",
    ]);
  });

  it("R3: refuses results under a lease that is lost, twice, or never was", () => {
    const run = play(
      start([]),
      claim("s0"),
      { type: "expire", step: "s0", epoch: 1 },
      claim("s0", "r2"),
    ).run;
    expect(run.steps.get("s0")).toMatchObject({
      status: "LEASED",
      epoch: 2,
      attempt: 2,
      owner: "r2",
    });
    for (const action of [
      succeed("s0"),
      fail("s0"),
      succeed("s0", 3),
      claim("s0"),
      settle("s0"),
      succeed("ghost"),
    ]) {
      expect(rejected(run, action)).toBe(true);
    }
    const { run: done } = play(run, succeed("s0", 2));
    expect(done.status).toBe("SUCCEEDED");
    expect(rejected(done, succeed("s0", 2))).toBe(true);
    expect(rejected(done, { type: "cancel" })).toBe(true);
    expect(rejected(done, { type: "deadline" })).toBe(true);
  });

  it("R4: bills what a runner made, not what was evaluated, cached or gathered", () => {
    const { effects } = play(
      start([], [0], [1]),
      claim("s0"),
      succeed("s0"),
      settle("s1"),
      { type: "expand", step: "s2", items: 1 },
      claim("s2/0"),
      succeed("s2/0"),
    );
    expect(effects.filter(({ type }) => type === "commit")).toEqual([
      { type: "commit", step: "s0", billed: true },
      { type: "commit", step: "s1", billed: false },
      { type: "commit", step: "s2/0", billed: true },
      { type: "commit", step: "s2", billed: false },
    ]);
  });

  it("R5: tries again five times what may pass, with growing waits, and not what the user must mend", () => {
    let run = start([]);
    const waits: number[] = [];
    for (let epoch = 1; epoch <= 5; epoch += 1) {
      const next = play(run, claim("s0"), fail("s0", infraError, epoch));
      run = next.run;
      waits.push(...next.effects.flatMap((one) => (one.type === "dispatch" ? one.maxDelayMs : [])));
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    expect(run.status).toBe("FAILED");
    expect(run.steps.get("s0")?.error?.message).toBe("No disk (tried 5 times)");
    expect(play(start([]), claim("s0"), fail("s0")).run.status).toBe("FAILED");
  });

  it("R5: a step that takes down three different runners is poison, not one that loses the same runner twice", () => {
    let run = start([]);
    for (const [index, runnerId] of ["r1", "r1", "r2"].entries()) {
      run = play(run, claim("s0", runnerId), { type: "expire", step: "s0", epoch: index + 1 }).run;
      expect(statuses(run)).toEqual({ s0: "READY" });
    }
    run = play(run, claim("s0", "r3"), { type: "expire", step: "s0", epoch: 4 }).run;
    expect(run.steps.get("s0")).toMatchObject({ status: "FAILED", error: { class: "POISON" } });
  });

  it("R6: a failure skips what needs it, near and far; the rest completes and the run fails at its end", () => {
    const failed = play(start(...diamond), claim("s0"), fail("s0"));
    expect(statuses(failed.run)).toEqual({
      s0: "FAILED",
      s1: "SKIPPED",
      s2: "READY",
      s3: "SKIPPED",
    });
    expect(failed.run.status).toBe("RUNNING");
    const done = play(failed.run, claim("s2"), succeed("s2"));
    expect(done.run.status).toBe("FAILED");
    expect(done.run.steps.get("s2")?.status).toBe("SUCCEEDED");
    const refused = play(start([]), { type: "refuse", step: "s0", error: userError });
    expect(refused.run.status).toBe("FAILED");
  });

  it("R7: cancel ends at once what is not leased; a leased step may still finish; then the run is canceled", () => {
    const leased = play(start(...diamond), claim("s0")).run;
    const canceling = play(leased, { type: "cancel" });
    expect(canceling.run.status).toBe("CANCELING");
    expect(statuses(canceling.run)).toEqual({
      s0: "LEASED",
      s1: "CANCELED",
      s2: "CANCELED",
      s3: "CANCELED",
    });
    const ends: RunAction[] = [
      succeed("s0"),
      fail("s0"),
      fail("s0", infraError),
      { type: "abort", step: "s0", epoch: 1 },
      { type: "expire", step: "s0", epoch: 1 },
    ];
    for (const end of ends) expect(play(canceling.run, end).run.status).toBe("CANCELED");
    expect(play(start(...diamond), { type: "cancel" }).run.status).toBe("CANCELED");
  });

  it("R7: a result that finished first beats a late cancel", () => {
    const { run } = play(start([]), claim("s0"), succeed("s0"), { type: "cancel" });
    expect(run.status).toBe("SUCCEEDED");
  });

  it("R7: a runner that gives a step back does not fail it", () => {
    const { run, effects } = play(start([]), claim("s0"), { type: "abort", step: "s0", epoch: 1 });
    expect(run.steps.get("s0")).toMatchObject({ status: "READY", infraFailures: 0, owner: null });
    expect(effects.at(-1)).toEqual({ type: "dispatch", step: "s0", maxDelayMs: 0 });
  });

  it("R8: a mapped step ends with its items; an empty list ends at once", () => {
    const none = play(start([], [0]), { type: "expand", step: "s0", items: 0 });
    expect(statuses(none.run)).toEqual({ s0: "SUCCEEDED", s1: "READY" });
    const two = play(
      start([]),
      { type: "expand", step: "s0", items: 2 },
      claim("s0/1"),
      succeed("s0/1"),
    );
    expect(two.run.steps.get("s0")).toMatchObject({ status: "EXPANDED", depsRemaining: 1 });
    expect(play(two.run, settle("s0/0")).run.status).toBe("SUCCEEDED");
    expect(rejected(two.run, { type: "expand", step: "s0/0", items: 1 })).toBe(true);
  });

  it("R8: a failed item fails the whole with its number, after the items that are under way", () => {
    const three = play(
      start([]),
      { type: "expand", step: "s0", items: 3 },
      claim("s0/0"),
      claim("s0/1"),
      fail("s0/1"),
    ).run;
    expect(statuses(three)).toEqual({
      s0: "EXPANDED",
      "s0/0": "LEASED",
      "s0/1": "FAILED",
      "s0/2": "CANCELED",
    });
    const kept = play(three, succeed("s0/0")).run;
    expect(kept.status).toBe("FAILED");
    expect(kept.steps.get("s0/0")?.status).toBe("SUCCEEDED");
    expect(kept.steps.get("s0")?.error).toEqual({ ...userError, message: "Item 2: Bad value" });
    expect(statuses(play(three, fail("s0/0", infraError)).run)["s0/0"]).toBe("CANCELED");
  });

  it("R8: cancel waits for leased items, then the mapped step is canceled", () => {
    const canceling = play(
      start([], [0]),
      { type: "expand", step: "s0", items: 2 },
      claim("s0/0"),
      { type: "cancel" },
    ).run;
    expect(statuses(canceling)).toEqual({
      s0: "EXPANDED",
      s1: "CANCELED",
      "s0/0": "LEASED",
      "s0/1": "CANCELED",
    });
    const done = play(canceling, succeed("s0/0")).run;
    expect(statuses(done)).toMatchObject({ s0: "CANCELED", "s0/0": "SUCCEEDED" });
    expect(done.status).toBe("CANCELED");
  });

  it("R13: a paused run gives nothing out, keeps what comes in, and goes on where it was", () => {
    const begun = play(start([], [], [0]), claim("s0")).run;
    const paused = play(begun, { type: "pause" });
    expect(events(paused.effects)).toEqual(["run.paused"]);
    expect(rejected(paused.run, claim("s1"))).toBe(true);
    expect(rejected(paused.run, { type: "pause" })).toBe(true);
    const more = play(paused.run, succeed("s0"));
    expect(statuses(more.run)).toEqual({ s0: "SUCCEEDED", s1: "READY", s2: "READY" });
    const resumed = play(more.run, { type: "resume" });
    expect(resumed.run.status).toBe("RUNNING");
    expect(rejected(resumed.run, { type: "resume" })).toBe(true);
    const untouched = play(start([]), { type: "pause" }, { type: "resume" });
    expect(untouched.run.status).toBe("QUEUED");
    expect(play(paused.run, { type: "cancel" }, succeed("s0")).run.status).toBe("CANCELED");
  });

  it("R13: a runner that gives a step of a paused run back leaves it for later", () => {
    const paused = play(start([]), claim("s0"), { type: "pause" }).run;
    const back = play(paused, { type: "abort", step: "s0", epoch: 1 }).run;
    expect(back.status).toBe("PAUSED");
    expect(statuses(back)).toEqual({ s0: "READY" });
  });

  it("R13: a run whose last leased step ends while it is paused is over", () => {
    const { run } = play(start([]), claim("s0"), { type: "pause" }, succeed("s0"));
    expect(run.status).toBe("SUCCEEDED");
  });

  it("R14: a step that waits for a person goes on when approved, fails when declined, once", () => {
    const asked = play(start([], [0]), { type: "ask", step: "s0" });
    expect(events(asked.effects)).toEqual(["run.started", "step.waiting"]);
    expect(rejected(asked.run, claim("s0"))).toBe(true);
    const approved = play(asked.run, { type: "approve", step: "s0" });
    expect(statuses(approved.run)).toEqual({ s0: "SUCCEEDED", s1: "READY" });
    expect(approved.effects).toContainEqual({ type: "commit", step: "s0", billed: false });
    expect(rejected(approved.run, { type: "decline", step: "s0" })).toBe(true);
    const declined = play(asked.run, { type: "decline", step: "s0" }).run;
    expect(statuses(declined)).toEqual({ s0: "FAILED", s1: "SKIPPED" });
    expect(declined.steps.get("s0")?.error).toMatchObject({ class: "USER", code: "not_approved" });
    expect(play(asked.run, { type: "cancel" }).run.status).toBe("CANCELED");
  });

  it("R9, R14: the deadline waits while a person is asked, and while the run is paused", () => {
    const asked = play(start([]), { type: "ask", step: "s0" }).run;
    expect(rejected(asked, { type: "deadline" })).toBe(true);
    expect(rejected(play(start([]), { type: "pause" }).run, { type: "deadline" })).toBe(true);
  });

  it("R9: at the deadline everything ends, and late results are refused", () => {
    const late = play(
      start(...diamond),
      claim("s0"),
      { type: "expand", step: "s2", items: 2 },
      claim("s2/0"),
      { type: "deadline" },
    ).run;
    expect(late.status).toBe("EXPIRED");
    expect(new Set(Object.values(statuses(late)))).toEqual(new Set(["CANCELED"]));
    expect(rejected(late, succeed("s0"))).toBe(true);
    const canceling = play(start([]), claim("s0"), { type: "cancel" }, { type: "deadline" }).run;
    expect(canceling.status).toBe("CANCELED");
  });
});
