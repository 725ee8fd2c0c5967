import { assertNever, type StepError } from "../errors.ts";
import { isTerminalRun } from "../run.ts";
import { decideFailure } from "./decide-failure.ts";
import { RunDraft } from "./run-draft.ts";
import type { Advanced, RunAction, RunState, StepState } from "./run-state.ts";

/**
 * The life of a run, as a pure function: production's SQL is checked against it, and the simulator runs on it.
 * An action that does not fit (a stale epoch, a step that is not READY, a run that is over) changes nothing and gives
 * one `reject`. Never throws for an action; asserts that every change is in the transition tables.
 */
export function advance(run: RunState, action: RunAction): Advanced {
  const draft = new RunDraft(run);
  if (isTerminalRun(run.status) || !apply(draft, action)) {
    return { run, effects: [{ type: "reject", step: "step" in action ? action.step : null }] };
  }
  draft.finishIfDone();
  return draft.done();
}

/** False: the action does not fit. */
function apply(draft: RunDraft, action: RunAction): boolean {
  switch (action.type) {
    case "pause":
      return draft.pause();
    case "resume":
      return draft.resume();
    case "cancel":
      return draft.cancel();
    case "deadline":
      return draft.expire();
    case "claim":
    case "settle":
    case "refuse":
    case "ask":
    case "expand":
      return onReady(draft, action);
    case "approve":
    case "decline":
      return onWaiting(draft, action);
    case "succeed":
    case "fail":
    case "abort":
    case "expire":
      return onLeased(draft, action);
    default:
      return assertNever(action);
  }
}

type ReadyAction = Extract<RunAction, { type: "claim" | "settle" | "refuse" | "ask" | "expand" }>;
type WaitingAction = Extract<RunAction, { type: "approve" | "decline" }>;
type LeasedAction = Extract<RunAction, { type: "succeed" | "fail" | "abort" | "expire" }>;

function onReady(draft: RunDraft, action: ReadyAction): boolean {
  const step = draft.find(action.step);
  if (step?.status !== "READY") return false;
  if (action.type === "claim") return draft.claim(step, action.runnerId);
  draft.begin();
  switch (action.type) {
    case "ask":
      draft.ask(step);
      return true;
    case "settle":
      draft.succeed(step, { billed: false });
      return true;
    case "refuse":
      draft.fail(step, action.error);
      return true;
    case "expand":
      if (step.parent !== null) return false;
      draft.expand(step, action.items);
      return true;
    default:
      return assertNever(action);
  }
}

function onWaiting(draft: RunDraft, action: WaitingAction): boolean {
  const step = draft.find(action.step);
  if (step?.status !== "WAITING") return false;
  if (action.type === "approve") draft.succeed(step, { billed: false });
  else draft.fail(step, notApproved);
  return true;
}

/** Why a step fails that a person has declined. */
export const notApproved: StepError = {
  class: "USER",
  code: "not_approved",
  message: "This was not approved",
};

function onLeased(draft: RunDraft, action: LeasedAction): boolean {
  const step = draft.find(action.step);
  if (step?.status !== "LEASED" || step.epoch !== action.epoch) return false;
  switch (action.type) {
    case "succeed":
      draft.succeed(step, { billed: true });
      return true;
    case "abort":
      if (draft.wanted(step)) draft.retry(step, { maxDelayMs: 0 });
      else draft.cancelStep(step);
      return true;
    case "fail":
      onFailure(draft, step, { error: action.error, lostRunners: step.lostRunners });
      return true;
    case "expire": {
      const lostRunners = [...new Set([...step.lostRunners, step.owner ?? ""])];
      onFailure(draft, step, { error: lostRunner, lostRunners });
      return true;
    }
    default:
      return assertNever(action);
  }
}

const lostRunner: StepError = {
  class: "INFRA",
  code: "runner_lost",
  message: "The runner stopped answering",
};

/** Tried again when that may help and somebody still wants it. */
function onFailure(
  draft: RunDraft,
  step: StepState,
  { error, lostRunners }: { readonly error: StepError; readonly lostRunners: readonly string[] },
): void {
  const infraFailures = step.infraFailures + 1;
  const counts = { infraFailures, lostRunners: lostRunners.length, random: 1 };
  const decision = decideFailure({ error, ...counts });
  if (!decision.retry) draft.fail(step, decision.error);
  else if (!draft.wanted(step)) draft.cancelStep(step);
  else draft.retry(step, { maxDelayMs: decision.delayMs, infraFailures, lostRunners });
}
