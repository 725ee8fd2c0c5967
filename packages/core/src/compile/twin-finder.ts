import { canonicalJson } from "../canonical-json.ts";
import { valueField } from "../interface/declared-field.ts";
import type { Json } from "../json.ts";
import type { NodeType } from "../node-type.ts";
import type { PlanInput } from "../plan.ts";
import type { StepDraft } from "./build-steps.ts";

interface Group {
  /** The only step so far, not written out yet. */
  lone: { readonly draft: StepDraft; readonly type: NodeType } | null;
  readonly signatures: Map<string, StepDraft>;
}

/**
 * Finds the step that does the same already. Twins have the same first source, so only steps that share one are
 * written out and compared: in a chain, none.
 */
export class TwinFinder {
  private readonly groups = new Map<string, Group>();

  /** The twin of `draft`; undefined when there is none, and then later steps may find this one. */
  findOrAdd(draft: StepDraft, type: NodeType): StepDraft | undefined {
    if (standsAlone(draft, type)) return undefined;
    const key = firstSource(draft) ?? draft.type;
    const group = this.groups.get(key);
    if (group === undefined) {
      this.groups.set(key, { lone: { draft, type }, signatures: new Map() });
      return undefined;
    }
    const { lone, signatures } = group;
    if (lone !== null) signatures.set(signatureOf(lone.draft, lone.type), lone.draft);
    group.lone = null;
    const signature = signatureOf(draft, type);
    const twin = signatures.get(signature);
    if (twin === undefined) signatures.set(signature, draft);
    return twin;
  }
}

/** An output is what its name says, a question is asked where it stands, and two inputs that still have no value may get different ones. */
function standsAlone(draft: StepDraft, type: NodeType): boolean {
  if (type.role === "output" || type.work.kind === "approve") return true;
  return type.role === "input" && (draft.params[valueField] ?? null) === null;
}

function firstSource({ inputs }: StepDraft): string | undefined {
  for (const input of Object.values(inputs)) {
    for (const source of input.kind === "list" ? input.items : [input]) {
      if (source.kind === "step") return source.step;
    }
  }
  return undefined;
}

/** Equal signature, equal result. */
function signatureOf(draft: StepDraft, type: NodeType): string {
  const inputs = Object.entries(draft.inputs).map(([name, one]) => `${name}=${writeInput(one)}`);
  const params = type.role === "input" ? resultParams(draft) : draft.params;
  return `${draft.type}@${draft.version} ${inputs.join(";")} ${canonicalJson(params)}`;
}

/** Parameters of an input node that only say how its form looks. */
const lookOnly = new Set(["name", "label", "help", "placeholder", "required"]);

function resultParams({ params }: StepDraft): Record<string, Json> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !lookOnly.has(name)));
}

function writeInput(input: PlanInput): string {
  if (input.kind === "value") return canonicalJson(input.value);
  if (input.kind === "step") return `${input.step}.${input.port}`;
  return `[${input.items.map(writeInput).join(",")}]`;
}
