import type { StepError } from "../errors.ts";
import type { Plan, PlanStep } from "../plan.ts";
import type { RunEventBody, RunStatus, StepStatus } from "../run.ts";

/** `n3`, or `n3/0` for the first item of a mapped step. */
export type StepKey = string;

/** A step of a run, as far as its life goes: what it computes is not in it. */
export interface StepState {
  readonly key: StepKey;
  /** Null: a step of the plan. Else the mapped step that this is an item of. */
  readonly parent: StepKey | null;
  readonly status: StepStatus;
  /** BLOCKED: distinct steps it waits for. EXPANDED: items that are not terminal. */
  readonly depsRemaining: number;
  /** Steps that wait for this one, each once. */
  readonly dependents: readonly StepKey[];
  /** Leases so far. */
  readonly attempt: number;
  /** Raised by every lease; a write that carries another epoch is refused. */
  readonly epoch: number;
  readonly owner: string | null;
  /** Attempts that ended by no fault of the step. */
  readonly infraFailures: number;
  /** Runners that lost the lease of this step, each once. */
  readonly lostRunners: readonly string[];
  readonly error: StepError | null;
}

export interface RunState {
  readonly status: RunStatus;
  /** Steps of the plan that are not terminal; items do not count. */
  readonly remaining: number;
  readonly steps: ReadonlyMap<StepKey, StepState>;
}

/** What happens to a run. `epoch` fences: the lease under which the runner worked. */
export type RunAction =
  /** A runner takes a READY step. */
  | { readonly type: "claim"; readonly step: StepKey; readonly runnerId: string }
  /** The runner hands in the result. */
  | { readonly type: "succeed"; readonly step: StepKey; readonly epoch: number }
  | {
      readonly type: "fail";
      readonly step: StepKey;
      readonly epoch: number;
      readonly error: StepError;
    }
  /** The runner gave the step back: it was told to cancel, or it shuts down. */
  | { readonly type: "abort"; readonly step: StepKey; readonly epoch: number }
  /** No heartbeat in time. */
  | { readonly type: "expire"; readonly step: StepKey; readonly epoch: number }
  /** A READY step ends without a runner: evaluated in place, or its result was there already. */
  | { readonly type: "settle"; readonly step: StepKey }
  /** A READY step cannot be evaluated or expanded. */
  | { readonly type: "refuse"; readonly step: StepKey; readonly error: StepError }
  /** A READY step asks a person. */
  | { readonly type: "ask"; readonly step: StepKey }
  /** The person approves, or declines. */
  | { readonly type: "approve"; readonly step: StepKey }
  | { readonly type: "decline"; readonly step: StepKey }
  /** A READY mapped step becomes its items. */
  | { readonly type: "expand"; readonly step: StepKey; readonly items: number }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "cancel" }
  | { readonly type: "deadline" };

/** What the shell around the state machine has to do, in order, in the same transaction. */
export type RunEffect =
  /** Append to the durable history. */
  | { readonly type: "event"; readonly event: RunEventBody["type"]; readonly step: StepKey | null }
  /** READY now, to be taken after a random wait of at most this long. */
  | { readonly type: "dispatch"; readonly step: StepKey; readonly maxDelayMs: number }
  /** Keep the outputs; `billed`: with one usage row, because a runner made them. */
  | { readonly type: "commit"; readonly step: StepKey; readonly billed: boolean }
  /** Nothing changed: the step or the lease is not what the action takes it for. */
  | { readonly type: "reject"; readonly step: StepKey | null };

export interface Advanced {
  readonly run: RunState;
  readonly effects: readonly RunEffect[];
}

/** The run as it is submitted: steps without dependencies are READY, all others BLOCKED. */
export function startRun(plan: Plan): Advanced {
  const parents = new Map(plan.steps.map((step) => [step.id, parentSteps(step)]));
  const dependents = new Map<StepKey, StepKey[]>();
  for (const [id, needed] of parents) {
    for (const parent of needed) {
      const waiting = dependents.get(parent);
      if (waiting === undefined) dependents.set(parent, [id]);
      else waiting.push(id);
    }
  }
  const steps = plan.steps.map(({ id }) => {
    const depsRemaining = parents.get(id)?.length ?? 0;
    return newStep(id, { depsRemaining, dependents: dependents.get(id) ?? [] });
  });
  const ready = steps.filter(({ status }) => status === "READY");
  return {
    run: {
      status: "QUEUED",
      remaining: steps.length,
      steps: new Map(steps.map((step) => [step.key, step])),
    },
    effects: [
      { type: "event", event: "run.queued", step: null },
      ...ready.map(({ key }) => ({ type: "dispatch" as const, step: key, maxDelayMs: 0 })),
    ],
  };
}

/** Ids of the plan steps that a step needs, each once, in the order of its inputs. */
export function parentSteps(step: Pick<PlanStep, "inputs">): string[] {
  const parents = new Set<string>();
  for (const input of Object.values(step.inputs)) {
    for (const source of input.kind === "list" ? input.items : [input]) {
      if (source.kind === "step") parents.add(source.step);
    }
  }
  return [...parents];
}

export function newStep(
  key: StepKey,
  about: Partial<Pick<StepState, "parent" | "depsRemaining" | "dependents">>,
): StepState {
  const { parent = null, depsRemaining = 0, dependents = [] } = about;
  return {
    key,
    parent,
    status: depsRemaining === 0 ? "READY" : "BLOCKED",
    depsRemaining,
    dependents,
    attempt: 0,
    epoch: 0,
    owner: null,
    infraFailures: 0,
    lostRunners: [],
    error: null,
  };
}
