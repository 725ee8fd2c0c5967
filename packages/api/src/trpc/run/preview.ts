import { parseDocument, type Estimate, type Plan, type Problem } from "@heddle/core";
import { cachedSteps } from "@heddle/db";
import { z } from "zod";
import { prepareRun } from "../../runs/start-run.ts";
import { scopedProcedure } from "../init.ts";

export interface PreviewedStep {
  readonly stepId: string;
  readonly nodeIds: readonly string[];
  readonly type: string;
  /** Its result is there already. */
  readonly cached: boolean;
  readonly estimate: Estimate;
}

/** What a run would do, before it does it. */
export interface RunPreview {
  /** What is in the way; with any of these there are no steps. */
  readonly problems: readonly Problem[];
  readonly notices: readonly Problem[];
  readonly steps: readonly PreviewedStep[];
  /** Of the steps that would run. */
  readonly estimate: Estimate;
  /** Steps whose result is there already. */
  readonly reused: number;
}

/** Compiles a document and says what would run, what is reused, and what it would take and cost. */
export const preview = scopedProcedure("run", "read")
  .input(
    z.object({
      document: z.unknown(),
      targets: z.array(z.string().max(64)).max(5000).optional(),
      input: z.record(z.string(), z.unknown()).default({}),
    }),
  )
  .query(async ({ ctx: { api, workspaceId }, input }): Promise<RunPreview> => {
    const parsed = parseDocument(input.document, api.limits);
    if (!parsed.ok) return nothing(parsed.problems);
    const prepared = await prepareRun(api, {
      workspaceId,
      document: parsed.document,
      filesOf: workspaceId,
      input: input.input,
      targets: input.targets,
      origin: api.publicUrl,
    });
    if (!prepared.ok) return nothing(prepared.problems);
    const { plan, notices } = prepared;
    const cached = new Set(
      await cachedSteps(api.database, { workspaceId, plan, catalog: api.catalog }),
    );
    return { problems: [], notices, ...describePlan(plan, cached) };
  });

function nothing(problems: readonly Problem[]): RunPreview {
  return { problems, notices: [], steps: [], estimate: { deviceMs: 0, costUsd: 0 }, reused: 0 };
}

function describePlan(
  plan: Plan,
  cached: ReadonlySet<string>,
): Pick<RunPreview, "steps" | "estimate" | "reused"> {
  const steps = plan.steps.map(({ id, nodeIds, type, estimate }) => ({
    stepId: id,
    nodeIds,
    type,
    cached: cached.has(id),
    estimate,
  }));
  const run = steps.filter((step) => !step.cached);
  const estimate = {
    deviceMs: run.reduce((sum, step) => sum + step.estimate.deviceMs, 0),
    costUsd: run.reduce((sum, step) => sum + step.estimate.costUsd, 0),
  };
  return { steps, estimate, reused: steps.length - run.length };
}
