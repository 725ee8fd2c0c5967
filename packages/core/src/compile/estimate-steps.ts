import type { Limits } from "../limits.ts";
import type { Catalog } from "../node-type.ts";
import type { Estimate, PlanStep } from "../plan.ts";
import type { Problem } from "../problem.ts";
import { stepCostUsd, sumUsd } from "../step-cost-usd.ts";
import type { StepDraft } from "./build-steps.ts";
import type { CompileOptions } from "./compile-options.ts";
import { foldConstants, type Known } from "./fold-constants.ts";
import type { TypedNodes } from "./typed-node.ts";

interface Estimating {
  readonly catalog: Catalog;
  readonly nodes: TypedNodes;
  readonly limits: Limits;
  readonly observedMs: CompileOptions["observedMs"];
}

interface Estimated {
  readonly steps: PlanStep[];
  readonly total: Estimate;
  /** Mapped steps that are known to have too many items. */
  readonly problems: Problem[];
}

/** Puts expected device time and price on each draft; a mapped step counts each item, one when their number is not known yet. */
export function estimateSteps(drafts: readonly StepDraft[], estimating: Estimating): Estimated {
  const known = foldConstants(drafts, estimating.catalog, estimating.limits);
  const steps = drafts.map((draft): PlanStep => {
    const estimate = estimateStep(draft, known.get(draft.id), estimating);
    return Object.assign(draft, { estimate });
  });
  return {
    steps,
    total: {
      deviceMs: steps.reduce((sum, { estimate }) => sum + estimate.deviceMs, 0),
      costUsd: sumUsd(steps.map(({ estimate }) => estimate.costUsd)),
    },
    problems: drafts.flatMap((draft) => fanOutProblem(draft, known.get(draft.id), estimating)),
  };
}

/** A picture whose size is not known yet counts as one megapixel. */
const unknownMegapixels = 1;

function estimateStep(draft: StepDraft, known: Known | undefined, from: Estimating): Estimate {
  const type = from.catalog.get(draft.type);
  if (type === undefined || draft.kind !== "op") return { deviceMs: 0, costUsd: 0 };
  const megapixels = known?.megapixels ?? unknownMegapixels;
  const count = known?.count ?? 1;
  const expectedMs = from.observedMs?.(draft.type) ?? type.estimateMs(draft.params, megapixels);
  const deviceMs = Math.round(count * (expectedMs > 0 && expectedMs < Infinity ? expectedMs : 0));
  const usage = { deviceMs, images: count, megapixels: count * megapixels };
  return { deviceMs, costUsd: stepCostUsd(type.price, usage) };
}

function fanOutProblem(draft: StepDraft, known: Known | undefined, from: Estimating): Problem[] {
  const count = known?.count ?? 0;
  const limit = from.limits.fanOut;
  const portId = draft.mapped[0];
  if (count <= limit || portId === undefined) return [];
  const label = from.nodes.get(draft.id)?.label ?? draft.id;
  const message = `${label}: would run ${count} times, once per item of ${portId}; at most ${limit} are allowed (limit fanOut)`;
  return [{ code: "limit", message, nodeId: draft.id, portId }];
}
