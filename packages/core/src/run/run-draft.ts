import { assert, type StepError } from "../errors.ts";
import { isTerminalStep, type RunEventBody, type RunStatus, type StepStatus } from "../run.ts";
import {
  newStep,
  type Advanced,
  type RunEffect,
  type RunState,
  type StepKey,
  type StepState,
} from "./run-state.ts";
import { runTransitions, stepTransitions } from "./transitions.ts";

/** A run while one action is applied to it: a copy that changes, and the effects so far. Lives inside one `advance`. */
export class RunDraft {
  private status: RunStatus;
  private remaining: number;
  private readonly steps: Map<StepKey, StepState>;
  private readonly effects: RunEffect[] = [];

  constructor(run: RunState) {
    this.status = run.status;
    this.remaining = run.remaining;
    this.steps = new Map(run.steps);
  }

  done(): Advanced {
    const { status, remaining, steps, effects } = this;
    return { run: { status, remaining, steps }, effects };
  }

  find(key: StepKey): StepState | undefined {
    return this.steps.get(key);
  }

  /** The first thing that happens to any step starts the run. */
  begin(): void {
    if (this.status === "QUEUED") this.moveRun("RUNNING", "run.started");
  }

  /** False: a paused run gives nothing out. */
  claim(step: StepState, runnerId: string): boolean {
    if (this.status === "PAUSED") return false;
    this.begin();
    const lease = { attempt: step.attempt + 1, epoch: step.epoch + 1, owner: runnerId };
    this.move(step.key, "LEASED", lease);
    this.emit("step.started", step.key);
    return true;
  }

  ask(step: StepState): void {
    this.move(step.key, "WAITING");
    this.emit("step.waiting", step.key);
  }

  succeed(step: StepState, { billed }: { readonly billed: boolean }): void {
    this.move(step.key, "SUCCEEDED", { owner: null });
    this.effects.push({ type: "commit", step: step.key, billed });
    this.emit("step.succeeded", step.key);
    if (step.parent !== null) this.endItem(step.parent);
    else for (const key of step.dependents) this.release(key);
  }

  fail(step: StepState, error: StepError): void {
    this.move(step.key, "FAILED", { owner: null, error });
    this.emit("step.failed", step.key);
    if (step.parent === null) this.skipAfter(step);
    else {
      this.cancelReadyItems(step.parent);
      this.endItem(step.parent);
    }
  }

  /** Back to READY. */
  retry(
    step: StepState,
    { maxDelayMs, ...counts }: { readonly maxDelayMs: number } & Partial<StepState>,
  ): void {
    this.move(step.key, "READY", { ...counts, owner: null });
    this.emit("step.retrying", step.key);
    this.effects.push({ type: "dispatch", step: step.key, maxDelayMs });
  }

  cancelStep(step: StepState): void {
    this.move(step.key, "CANCELED", { owner: null });
    this.emit("step.canceled", step.key);
    if (step.parent !== null) this.endItem(step.parent);
  }

  /** Whether a result of this step is still of use: not when the run is canceled, nor when another item has failed. */
  wanted(step: StepState): boolean {
    if (this.status !== "RUNNING" && this.status !== "PAUSED") return false;
    return (
      step.parent === null || !this.itemsOf(step.parent).some((item) => item.status === "FAILED")
    );
  }

  expand(step: StepState, items: number): void {
    this.move(step.key, "EXPANDED", { depsRemaining: items });
    this.emit("step.expanded", step.key);
    for (let item = 0; item < items; item += 1) {
      const created = newStep(`${step.key}/${item}`, { parent: step.key });
      this.steps.set(created.key, created);
      this.effects.push({ type: "dispatch", step: created.key, maxDelayMs: 0 });
    }
    if (items === 0) this.finishMapped(step.key);
  }

  pause(): boolean {
    if (this.status !== "QUEUED" && this.status !== "RUNNING") return false;
    this.moveRun("PAUSED", "run.paused");
    return true;
  }

  /** Back to where it was. */
  resume(): boolean {
    if (this.status !== "PAUSED") return false;
    const untouched = ({ status, attempt }: StepState) =>
      attempt === 0 && (status === "BLOCKED" || status === "READY");
    const begun = ![...this.steps.values()].every(untouched);
    this.moveRun(begun ? "RUNNING" : "QUEUED", "run.resumed");
    return true;
  }

  /** What is not leased ends now; the rest when its runner answers or its lease ends. */
  cancel(): boolean {
    if (this.status === "CANCELING") return false;
    this.cancelWhere(({ status }) => ["BLOCKED", "READY", "WAITING"].includes(status));
    if (this.remaining > 0) this.moveRun("CANCELING", "run.canceling");
    else this.moveRun("CANCELED", "run.canceled");
    return true;
  }

  /**
   * Out of time: everything ends now, and what runners still hand in is refused. False: the run is paused or waits for a
   * person, and its time stands still.
   */
  expire(): boolean {
    const waits = [...this.steps.values()].some(({ status }) => status === "WAITING");
    if (waits || this.status === "PAUSED") return false;
    this.cancelWhere((step) => !isTerminalStep(step.status) && step.status !== "EXPANDED");
    if (this.status === "CANCELING") this.moveRun("CANCELED", "run.canceled");
    else this.moveRun("EXPIRED", "run.expired");
    return true;
  }

  finishIfDone(): void {
    if (this.remaining > 0) return;
    if (this.status === "CANCELING") this.moveRun("CANCELED", "run.canceled");
    if (this.status !== "RUNNING" && this.status !== "PAUSED") return;
    const whole = [...this.steps.values()].every(({ status }) => status === "SUCCEEDED");
    if (whole) this.moveRun("SUCCEEDED", "run.succeeded");
    else this.moveRun("FAILED", "run.failed");
  }

  private emit(event: RunEventBody["type"], step: StepKey | null): void {
    this.effects.push({ type: "event", event, step });
  }

  private moveRun(to: RunStatus, event: RunEventBody["type"]): void {
    assert(runTransitions[this.status].includes(to), `a run goes from ${this.status} to ${to}`);
    this.status = to;
    this.emit(event, null);
  }

  private move(key: StepKey, to: StepStatus, change: Partial<StepState> = {}): void {
    const step = this.steps.get(key);
    assert(step !== undefined, `there is a step ${key}`);
    assert(stepTransitions[step.status].includes(to), `a step goes from ${step.status} to ${to}`);
    this.steps.set(key, { ...step, ...change, status: to });
    if (isTerminalStep(to) && step.parent === null) this.remaining -= 1;
  }

  /** One thing less that this step waits for. */
  private release(key: StepKey): void {
    const step = this.steps.get(key);
    if (step?.status !== "BLOCKED") return;
    const depsRemaining = step.depsRemaining - 1;
    this.steps.set(key, { ...step, depsRemaining });
    if (depsRemaining > 0) return;
    this.move(key, "READY");
    this.effects.push({ type: "dispatch", step: key, maxDelayMs: 0 });
  }

  /** Everything that needs a failed step, near or far. */
  private skipAfter(failed: StepState): void {
    const rest = [...failed.dependents];
    for (let key = rest.pop(); key !== undefined; key = rest.pop()) {
      const step = this.steps.get(key);
      if (step?.status !== "BLOCKED") continue;
      this.move(key, "SKIPPED");
      this.emit("step.skipped", key);
      rest.push(...step.dependents);
    }
  }

  private itemsOf(parent: StepKey): StepState[] {
    return [...this.steps.values()].filter((step) => step.parent === parent);
  }

  private cancelReadyItems(parent: StepKey): void {
    for (const item of this.itemsOf(parent)) if (item.status === "READY") this.cancelStep(item);
  }

  private cancelWhere(chosen: (step: StepState) => boolean): void {
    for (const step of this.steps.values()) if (chosen(step)) this.cancelStep(step);
  }

  private endItem(parentKey: StepKey): void {
    const parent = this.steps.get(parentKey);
    assert(parent?.status === "EXPANDED", "the mapped step of a live item is expanded");
    this.steps.set(parentKey, { ...parent, depsRemaining: parent.depsRemaining - 1 });
    if (parent.depsRemaining === 1) this.finishMapped(parentKey);
  }

  /** All items have ended: their list is the result, or the first failure is the failure. */
  private finishMapped(key: StepKey): void {
    const step = this.steps.get(key);
    assert(step !== undefined, `there is a step ${key}`);
    const items = this.itemsOf(key);
    const index = items.findIndex(({ status }) => status === "FAILED");
    const error = items[index]?.error;
    if (error !== undefined && error !== null) {
      this.fail(step, { ...error, message: `Item ${index + 1}: ${error.message}` });
    } else if (items.some(({ status }) => status === "CANCELED")) {
      this.cancelStep(step);
    } else {
      this.succeed(step, { billed: false });
    }
  }
}
