import { canonicalJson } from "../canonical-json.ts";
import type { ResolvedPorts } from "../graph/resolve-node.ts";
import type { ResolvedTypes } from "../graph/resolve-types.ts";
import { valueField } from "../interface/declared-field.ts";
import type { Json } from "../json.ts";
import type { PlanInput, PlanStep } from "../plan.ts";
import type { Inputs, LiveGraph, Source } from "./live-graph.ts";
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
  const bySignature = new Map<string, StepDraft>();
  const steps: StepDraft[] = [];
  for (const target of needed) {
    const draft = draftStep(target, building, nodeSteps);
    const signature = stepSignature(target, draft);
    const twin = bySignature.get(signature);
    if (twin === undefined) {
      bySignature.set(signature, draft);
      steps.push(draft);
    } else {
      twin.nodeIds.push(target.id);
    }
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
  const inputs = planInputs(live.inputsOf(id), ports, nodeSteps);
  const { work } = type;
  return {
    id,
    nodeIds: [id],
    type: type.type,
    version: type.version,
    kind: work.kind,
    ...(work.kind === "op" && { op: work.op }),
    ...(work.kind === "op" && work.model !== undefined && { model: { ...work.model } }),
    params: paramsOf(id),
    inputs,
    mapped: (ports?.inputs ?? []).filter((one) => one.mapped).map(({ field }) => field.name),
    outputs: Object.fromEntries(ports?.outputs.map((one) => [one.name, one.type]) ?? []),
  };
}

function planInputs(
  inputs: Inputs,
  ports: ResolvedPorts | undefined,
  nodeSteps: ReadonlyMap<string, string>,
): Record<string, PlanInput> {
  const given = (ports?.inputs ?? []).flatMap((input): [string, PlanInput][] => {
    const sources =
      inputs.get(input.field.name)?.map((source) => fromStep(source, nodeSteps)) ?? [];
    const [first] = sources;
    if (first === undefined) return [];
    const gathers = sources.length > 1 || (input.field.type.list && !input.givenList);
    return [
      [input.field.name, gathers ? { kind: "list", of: input.type.media, items: sources } : first],
    ];
  });
  return Object.fromEntries(given);
}

function fromStep({ node, port }: Source, nodeSteps: ReadonlyMap<string, string>) {
  return { kind: "step" as const, step: nodeSteps.get(node) ?? node, port };
}

/** Parameters of an input node that only say how its form looks. */
const lookOnly = new Set(["name", "label", "help", "placeholder", "required"]);

/** Equal signature, equal result. An output node, and an input that still has no value, stand for themselves. */
function stepSignature({ id, type }: TypedNode, draft: StepDraft): string {
  if (type.role === "output") return `output ${id}`;
  if (type.role === "input" && (draft.params[valueField] ?? null) === null) return `input ${id}`;
  const inputs = Object.entries(draft.inputs).map(
    ([name, input]) => `${name}=${writeInput(input)}`,
  );
  return `${draft.type}@${draft.version} ${inputs.join(";")} ${canonicalJson(type.role === "input" ? resultParams(draft) : draft.params)}`;
}

function resultParams({ params }: StepDraft): Record<string, Json> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !lookOnly.has(name)));
}

function writeInput(input: PlanInput): string {
  if (input.kind === "value") return canonicalJson(input.value);
  return input.kind === "step"
    ? `${input.step}.${input.port}`
    : `[${input.items.map(writeInput).join(",")}]`;
}
