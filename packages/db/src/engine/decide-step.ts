import { AppError, assert, notApproved } from "@heddle/core";
import type { Database } from "../database.ts";
import { changeRun, type EngineOptions } from "./change-run.ts";
import { readByStepIds, type RunWork } from "./run-work.ts";
import { fail, succeed } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

export interface DecideStepOptions extends EngineOptions {
  readonly workspaceId: string;
  readonly runId: string;
  /** Id of the step in the plan. */
  readonly stepId: string;
  readonly approve: boolean;
}

export interface DecidedStep {
  /** Runs that waited for work that is over now: to be advanced. */
  readonly wake: readonly string[];
}

type Outcome = "decided" | "no_run" | "no_step" | "too_early" | "decided_otherwise" | "over";

/**
 * What a person says to a step that waits for it: approved, it hands its input on; declined, it fails, and with it what
 * needs it. The first decision counts; the same one again changes nothing. Throws AppError `not_found` for a run that is
 * not this workspace's and for a step that asks nobody, and `conflict` for one that was not asked yet, was decided
 * otherwise, or is over.
 */
export async function decideStep(
  database: Database,
  options: DecideStepOptions,
): Promise<DecidedStep> {
  const { runId, stepId, workspaceId, approve } = options;
  const { result, wake } = await changeRun<Outcome>(database, options, {
    runId,
    read: (tx) => readByStepIds(tx, runId, [stepId]),
    apply: (work) => {
      if (work.run.workspaceId !== workspaceId) return "no_run";
      const step = work.byStepId.get(stepId);
      return step?.spec.kind === "approve" ? decide(work, step, approve) : "no_step";
    },
    missing: "no_run",
  });
  if (result === "decided") return { wake };
  throw refusal(result, options);
}

function decide(work: RunWork, step: WorkStep, approve: boolean): Outcome {
  if (step.status === "WAITING") {
    assert(step.outputs !== null, "what is to be approved was kept when it was asked");
    if (approve) succeed(work, step, { outputs: step.outputs });
    else fail(work, step, notApproved);
    return "decided";
  }
  if (step.status === "BLOCKED") return "too_early";
  if (step.status === "SUCCEEDED") return approve ? "decided" : "decided_otherwise";
  if (step.error?.code !== notApproved.code) return "over";
  return approve ? "decided_otherwise" : "decided";
}

function refusal(
  outcome: Exclude<Outcome, "decided">,
  { runId, stepId, approve }: DecideStepOptions,
): AppError {
  const [was, then] = approve ? ["declined", "approved"] : ["approved", "declined"];
  switch (outcome) {
    case "no_run":
      return new AppError("not_found", `There is no run ${runId}`);
    case "no_step":
      return new AppError("not_found", `The run has no step ${stepId} that asks a person`);
    case "too_early":
      return new AppError("conflict", "What is to be approved is not there yet");
    case "decided_otherwise":
      return new AppError("conflict", `This was ${was} before, and cannot be ${then} any more`);
    case "over":
      return new AppError("conflict", "The run ended before anybody decided");
  }
}
