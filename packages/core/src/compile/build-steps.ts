import type { ResolvedPorts } from "../graph/resolve-node.ts";
import type { ResolvedTypes } from "../graph/resolve-types.ts";
import type { Json } from "../json.ts";
import type { PlanInput, PlanStep } from "../plan.ts";
import type { Inputs, LiveGraph, Source } from "./live-graph.ts";
import { TwinFinder } from "./twin-finder.ts";
import type { TypedNode } from "./typed-node.ts";

export type StepDraft = Omit<PlanStep, "estimate">;

export interface BuiltSteps {
  /** Each after what it needs. */
  readonly steps: readonly StepDraft[];
  readonly nodeSteps: ReadonlyMap<string, string>;
}

interface Building {
  readonly live: LiveGraph;
  readonly types: ResolvedTypes;
  readonly paramsOf: (nodeId: string) => Readonly<Record<string, Json>>;
}

/** One step per node, identical nodes merged into one. `needed` holds every node after what it needs. */
export function buildSteps(needed: readonly TypedNode[], building: Building): BuiltSteps {
  const nodeSteps = new Map<string, string>();
  const twins = new TwinFinder();
  const steps: StepDraft[] = [];
  for (const target of needed) {
    const draft = draftStep(target, building, nodeSteps);
    const twin = twins.findOrAdd(draft, target.type);
    if (twin === undefined) steps.push(draft);
    else twin.nodeIds.push(target.id);
    nodeSteps.set(target.id, (twin ?? draft).id);
  }
  return { steps, nodeSteps };
}

function draftStep(
  { id, type }: TypedNode,
  { live, types, paramsOf }: Building,
  nodeSteps: ReadonlyMap<string, string>,
): StepDraft {
  const ports = types.get(id);
  const { work } = type;
  const draft: StepDraft = {
    id,
    nodeIds: [id],
    type: type.type,
    version: type.version,
    kind: work.kind,
    params: paramsOf(id),
    inputs: planInputs(live.inputsOf(id), ports, nodeSteps),
    mapped: [],
    outputs: {},
  };
  if (work.kind === "op") draft.op = work.op;
  if (work.kind === "op" && work.model !== undefined) draft.model = { ...work.model };
  for (const { field, mapped } of ports?.inputs ?? []) if (mapped) draft.mapped.push(field.name);
  for (const output of ports?.outputs ?? []) draft.outputs[output.name] = { ...output.type };
  return draft;
}

function planInputs(
  inputs: Inputs,
  ports: ResolvedPorts | undefined,
  nodeSteps: ReadonlyMap<string, string>,
): Record<string, PlanInput> {
  const planned: Record<string, PlanInput> = {};
  for (const { field, type, givenList } of ports?.inputs ?? []) {
    const sources = inputs.get(field.name) ?? [];
    const [first] = sources;
    if (first === undefined) continue;
    const gathers = sources.length > 1 || (field.type.list && !givenList);
    planned[field.name] = gathers
      ? { kind: "list", of: type.media, items: sources.map((one) => fromStep(one, nodeSteps)) }
      : fromStep(first, nodeSteps);
  }
  return planned;
}

function fromStep({ node, port }: Source, nodeSteps: ReadonlyMap<string, string>) {
  return { kind: "step" as const, step: nodeSteps.get(node) ?? node, port };
}
