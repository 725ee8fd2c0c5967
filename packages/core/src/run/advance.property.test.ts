import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StepErrorClass } from "../errors.ts";
import type { Plan } from "../plan.ts";
import { isTerminalRun, isTerminalStep, type RunEventBody } from "../run.ts";
import { arbitraryPlan } from "../testing/arbitrary-plan.ts";
import { advance } from "./advance.ts";
import {
  parentSteps,
  startRun,
  type RunAction,
  type RunEffect,
  type RunState,
  type StepState,
} from "./run-state.ts";
import { runTransitions, stepTransitions } from "./transitions.ts";

/** One thing that the world does; it picks among the steps that there are by number. */
interface Move {
  readonly kind: RunAction["type"];
  readonly pick: number;
  readonly stale: boolean;
  readonly runner: number;
  readonly items: number;
  readonly errorClass: StepErrorClass;
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("claim" as const, "succeed" as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "settle" as const,
        "expand" as const,
        "expire" as const,
        "fail" as const,
        "abort" as const,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("refuse" as const, "cancel" as const, "deadline" as const),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "ask" as const,
        "approve" as const,
        "decline" as const,
        "pause" as const,
        "resume" as const,
      ),
    },
  ),
  pick: fc.nat(100),
  stale: fc.boolean(),
  runner: fc.nat(3),
  items: fc.nat(3),
  errorClass: fc.constantFrom("USER", "INFRA", "RATE", "TIMEOUT", "POISON"),
});

function toAction(run: RunState, one: Move): RunAction {
  const steps = [...run.steps.values()];
  const step = steps[one.pick % steps.length];
  const key = step?.key ?? "s0";
  const epoch = (step?.epoch ?? 0) - (one.stale ? 1 : 0);
  const error = { class: one.errorClass, code: "x", message: "x" };
  switch (one.kind) {
    case "claim":
      return { type: "claim", step: key, runnerId: `r${one.runner}` };
    case "succeed":
    case "abort":
    case "expire":
      return { type: one.kind, step: key, epoch };
    case "fail":
      return { type: "fail", step: key, epoch, error };
    case "refuse":
      return { type: "refuse", step: key, error };
    case "expand":
      return { type: "expand", step: key, items: one.items };
    case "settle":
    case "ask":
    case "approve":
    case "decline":
      return { type: one.kind, step: key };
    case "pause":
    case "resume":
    case "cancel":
    case "deadline":
      return { type: one.kind };
  }
}

interface Played {
  readonly states: readonly RunState[];
  readonly effects: readonly RunEffect[];
}

/** Plays the moves, and then serves every step until nothing is left to do. */
function play(plan: Plan, moves: readonly Move[]): Played {
  const first = startRun(plan);
  const states = [first.run];
  const effects = [...first.effects];
  const apply = (action: RunAction): void => {
    const next = advance(states.at(-1) ?? first.run, action);
    states.push(next.run);
    effects.push(...next.effects);
  };
  for (const one of moves) apply(toAction(states.at(-1) ?? first.run, one));
  apply({ type: "resume" });
  for (let step = live(states.at(-1)); step !== undefined; step = live(states.at(-1))) {
    if (step.status === "READY") apply({ type: "claim", step: step.key, runnerId: "r0" });
    else if (step.status === "WAITING") apply({ type: "approve", step: step.key });
    else apply({ type: "succeed", step: step.key, epoch: step.epoch });
  }
  return { states, effects };
}

function live(run: RunState | undefined): StepState | undefined {
  const steps = [...(run?.steps.values() ?? [])];
  return steps.find(({ status }) => ["READY", "LEASED", "WAITING"].includes(status));
}

const histories = fc.property(arbitraryPlan, fc.array(move, { maxLength: 60 }), (plan, moves) => {
  const played = play(plan, moves);
  const last = played.states.at(-1);
  if (last === undefined) throw new Error("there is a last state");
  checkEnd(last);
  checkSteps(plan, played.states);
  checkEffects(last, played.effects);
});

/** R10 */
function checkEnd(last: RunState): void {
  expect(isTerminalRun(last.status)).toBe(true);
  expect(last.remaining).toBe(0);
  const steps = [...last.steps.values()];
  expect(steps.every(({ status }) => isTerminalStep(status))).toBe(true);
  const whole = steps.every(({ status }) => status === "SUCCEEDED");
  expect(last.status === "SUCCEEDED").toBe(
    whole && last.status !== "CANCELED" && last.status !== "EXPIRED",
  );
  const failed = steps.some(({ status }) => status === "FAILED");
  if (last.status === "FAILED") expect(failed).toBe(true);
}

/** R1, R2, R3, R8 */
function checkSteps(plan: Plan, states: readonly RunState[]): void {
  const parents = new Map(plan.steps.map((step) => [step.id, parentSteps(step)]));
  states.forEach((run, index) => {
    const before = states[index - 1] ?? run;
    if (run.status !== before.status) expectPath(before.status, run.status);
    if (before.status === "PAUSED" && run.status === "PAUSED") expectNothingLeased(before, run);
    for (const step of run.steps.values()) {
      const old = before.steps.get(step.key) ?? step;
      expect(step.status === old.status || reaches(old.status, step.status)).toBe(true);
      expect(step.epoch).toBeGreaterThanOrEqual(old.epoch);
      if (old.status !== "LEASED" && step.status === "LEASED")
        expect(step.epoch).toBe(old.epoch + 1);
      const started = !["BLOCKED", "CANCELED", "SKIPPED"].includes(step.status);
      for (const parent of started ? (parents.get(step.key) ?? []) : []) {
        expect(run.steps.get(parent)?.status).toBe("SUCCEEDED");
      }
      if (step.status !== "EXPANDED") continue;
      const items = [...run.steps.values()].filter((one) => one.parent === step.key);
      expect(step.depsRemaining).toBe(items.filter(({ status }) => !isTerminalStep(status)).length);
    }
  });
}

/** R4, R10 */
function checkEffects(last: RunState, effects: readonly RunEffect[]): void {
  const events = effects.flatMap((one) => (one.type === "event" ? [one] : []));
  const ends: RunEventBody["type"][] = [
    "run.succeeded",
    "run.failed",
    "run.canceled",
    "run.expired",
  ];
  expect(events.filter(({ event }) => ends.includes(event))).toHaveLength(1);
  expect(ends).toContain(events.at(-1)?.event);
  const commits = effects.flatMap((one) => (one.type === "commit" ? [one] : []));
  expect(new Set(commits.map(({ step }) => step)).size).toBe(commits.length);
  const succeeded = [...last.steps.values()].filter(({ status }) => status === "SUCCEEDED");
  expect(commits.map(({ step }) => step).toSorted()).toEqual(
    succeeded.map(({ key }) => key).toSorted(),
  );
  for (const { step, billed } of commits) {
    if (billed) expect(last.steps.get(step)?.attempt).toBeGreaterThan(0);
  }
}

/** R13 */
function expectNothingLeased(before: RunState, run: RunState): void {
  for (const { key, epoch } of run.steps.values())
    expect(epoch).toBe(before.steps.get(key)?.epoch ?? 0);
}

/** One action may take a run two steps on: from QUEUED by way of RUNNING. */
function expectPath(from: RunState["status"], to: RunState["status"]): void {
  const direct = runTransitions[from].includes(to);
  expect(direct || runTransitions[from].some((via) => runTransitions[via].includes(to))).toBe(true);
}

/** A step may go on twice in one action: a mapped step without items. */
function reaches(from: StepState["status"], to: StepState["status"]): boolean {
  return stepTransitions[from].some((via) => via === to || stepTransitions[via].includes(to));
}

describe("advance, for every plan and every history", () => {
  it("R1–R4, R8, R10, R13: every run ends once, along the tables, with each result committed once", () => {
    fc.assert(histories, { numRuns: 2000 });
  });

  it("R6: without faults and cancels, exactly what the failed steps reach is skipped", () => {
    fc.assert(
      fc.property(arbitraryPlan, fc.array(fc.nat(7), { maxLength: 3 }), (plan, picks) => {
        const broken = new Set(picks.map((pick) => `s${pick}`));
        let run = startRun(plan).run;
        for (let step = live(run); step !== undefined; step = live(run)) {
          const error = { class: "USER" as const, code: "x", message: "x" };
          const action: RunAction = broken.has(step.key)
            ? { type: "refuse", step: step.key, error }
            : { type: "settle", step: step.key };
          run = advance(run, action).run;
        }
        const reached = new Set<string>();
        for (const step of plan.steps) {
          const parents = parentSteps(step);
          if (parents.some((parent) => reached.has(parent) || broken.has(parent)))
            reached.add(step.id);
        }
        for (const { key, status } of run.steps.values()) {
          const expected = reached.has(key) ? "SKIPPED" : broken.has(key) ? "FAILED" : "SUCCEEDED";
          expect(status).toBe(expected);
        }
      }),
    );
  });
});
