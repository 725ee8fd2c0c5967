import type { ResolvedTypes } from "../graph/resolve-types.ts";
import { declaredName, valueField } from "../interface/declared-field.ts";
import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import type { Catalog } from "../node-type.ts";
import type { Plan } from "../plan.ts";
import type { Problem } from "../problem.ts";
import { buildSteps } from "./build-steps.ts";
import type { CompileOptions } from "./compile-options.ts";
import { estimateSteps } from "./estimate-steps.ts";
import type { LiveGraph } from "./live-graph.ts";
import type { TypedNode, TypedNodes } from "./typed-node.ts";

interface Assembling {
  readonly catalog: Catalog;
  readonly options: CompileOptions;
  readonly limits: Limits;
  readonly nodes: TypedNodes;
  readonly types: ResolvedTypes;
  readonly live: LiveGraph;
  readonly needed: readonly TypedNode[];
  readonly params: ReadonlyMap<string, Readonly<Record<string, Json>>>;
}

/** Puts checked parts together. The one thing that can still be wrong is a list known to be too long. */
export function assemblePlan(given: Assembling): {
  readonly plan: Plan;
  readonly problems: readonly Problem[];
} {
  const { live, types, needed, params } = given;
  const paramsOf = (id: string): Record<string, Json> => ({ ...params.get(id) });
  const built = buildSteps(needed, { live, types, paramsOf });
  const { observedMs } = given.options;
  const estimated = estimateSteps(built.steps, { ...given, observedMs });
  const plan: Plan = {
    version: 1,
    steps: estimated.steps,
    outputs: needed
      .filter(({ type }) => type.role === "output")
      .flatMap((one) => planOutput(one, types)),
    nodeSteps: Object.fromEntries(built.nodeSteps),
    estimate: estimated.total,
  };
  return { plan, problems: estimated.problems };
}

function planOutput({ id, node, type }: TypedNode, types: ResolvedTypes): Plan["outputs"] {
  const name = declaredName(node, type);
  const given = types.get(id)?.inputs.find(({ field }) => field.name === valueField);
  if (name === undefined || given === undefined) return [];
  return [{ name, nodeId: id, type: given.type, step: id, port: valueField }];
}
