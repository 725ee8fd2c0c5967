import type { DocumentNode } from "../document.ts";
import type { MediaType, PortType } from "../media.ts";
import type { Field, NodeType, OutputPort } from "../node-type.ts";

/** Types of what is wired into each input, in wire order; a name that is absent is not wired. */
export type Wired = ReadonlyMap<string, readonly PortType[]>;

export interface ResolvedInput {
  readonly field: Field;
  /** What the input takes, `any` replaced by the media type that is wired in. */
  readonly type: PortType;
  readonly wired: boolean;
  /** What is wired in is a list already; several wires into a list input are gathered into one. */
  readonly givenList: boolean;
  /** A list flows into this single input: the node runs once per item. */
  readonly mapped: boolean;
}

export interface ResolvedOutput {
  readonly name: string;
  readonly label: string;
  /** What the output gives after mapping: a mapped node gives lists. */
  readonly type: PortType;
}

export interface ResolvedPorts {
  /** Media ports, parameters turned into ports, and wired parameters, in the order of the type's fields. */
  readonly inputs: readonly ResolvedInput[];
  readonly outputs: readonly ResolvedOutput[];
  /** Mapped although an output is a list already; lists do not nest. */
  readonly nested: boolean;
  /** Bypassed nodes only: the input whose wires each output hands on; an output that is absent hands on nothing. */
  readonly handsOn: ReadonlyMap<string, string>;
}

/** Types of one node's ports, given what is wired in. */
export function resolveNode(node: DocumentNode, type: NodeType, wired: Wired): ResolvedPorts {
  const fields = type.fields.filter((field) => isInput(field, node, wired));
  const inputs = fields.map((field) => resolveInput(field, type, wired));
  const mapped = inputs.some((input) => input.mapped);
  if (node.mode === "bypassed") return resolveBypassed(type, wired, inputs);
  const outputs = type.outputs.map((output) => ({
    name: output.name,
    label: output.label,
    type: outputType(output, { type, wired, mapped }),
  }));
  const nested = mapped && type.outputs.some((output) => output.type.list);
  return { inputs, outputs, nested, handsOn: nothing };
}

const nothing: ReadonlyMap<string, string> = new Map();

/** Its outputs have the types of what they hand on; one that hands on nothing has its own. */
function resolveBypassed(
  type: NodeType,
  wired: Wired,
  inputs: readonly ResolvedInput[],
): ResolvedPorts {
  const handsOn = new Map<string, string>();
  const outputs = type.outputs.map((output) => {
    const field = bypassField(type, output, wired);
    if (field !== null) handsOn.set(output.name, field);
    const given = handedOnType(field === null ? undefined : wired.get(field));
    const own = { media: outputMedia(output, type, wired), list: output.type.list };
    return { name: output.name, label: output.label, type: given ?? own };
  });
  return { inputs, outputs, nested: false, handsOn };
}

/** The input whose wires a bypassed node hands on as `output`; null: nothing wired fits. */
function bypassField(type: NodeType, output: OutputPort, wired: Wired): string | null {
  const chosen = type.bypass?.[output.name];
  if (chosen !== undefined) return wired.has(chosen) ? chosen : null;
  const media = outputMedia(output, type, wired);
  const fits = type.fields.filter(
    (field) => wired.has(field.name) && mediaOf(field, type, wired) === media,
  );
  const sameShape = fits.find((field) => field.type.list === output.type.list);
  return (sameShape ?? fits[0])?.name ?? null;
}

function isInput(field: Field, node: DocumentNode, wired: Wired): boolean {
  if (field.kind === "port" || wired.has(field.name)) return true;
  return field.wirable && node.ports.includes(field.name);
}

function resolveInput(field: Field, type: NodeType, wired: Wired): ResolvedInput {
  const sources = wired.get(field.name) ?? [];
  const givenList = sources.some((source) => source.list) || sources.length > 1;
  const keepsLists = takesAnyShape(type);
  return {
    field,
    type: {
      media: mediaOf(field, type, wired),
      list: field.type.list || (keepsLists && givenList),
    },
    wired: sources.length > 0,
    givenList: sources.length === 1 && sources.some((source) => source.list),
    mapped: !field.type.list && givenList && !keepsLists,
  };
}

/** Hands a list on as it is: nobody wants to be asked once per item. */
function takesAnyShape({ role, work }: NodeType): boolean {
  return role === "output" || work.kind === "approve";
}

function outputType(
  output: OutputPort,
  given: { readonly type: NodeType; readonly wired: Wired; readonly mapped: boolean },
): PortType {
  const { type, wired, mapped } = given;
  const keepsList =
    takesAnyShape(type) && [...wired.values()].some((sources) => sources.some((one) => one.list));
  return {
    media: outputMedia(output, type, wired),
    list: output.type.list || mapped || keepsList,
  };
}

function handedOnType(sources: readonly PortType[] | undefined): PortType | null {
  const first = sources?.[0];
  if (sources === undefined || first === undefined) return null;
  return { media: first.media, list: first.list || sources.length > 1 };
}

function outputMedia(output: OutputPort, type: NodeType, wired: Wired): PortType["media"] {
  if (output.type.media !== "any") return output.type.media;
  const source = type.fields.find((field) => field.name === output.sameAs);
  return source === undefined ? "any" : mediaOf(source, type, wired);
}

/** Media type of an input: its own, or for `any` that of the first wire into it or into those that go with it. */
function mediaOf(field: Field, type: NodeType, wired: Wired): MediaType | "any" {
  if (field.type.media !== "any") return field.type.media;
  for (const one of alike(field, type)) {
    const found = wired.get(one.name)?.find((source) => source.media !== "any");
    if (found !== undefined) return found.media;
  }
  return "any";
}

/**
 * The `any` inputs that take the same media type as `field`. When all generic outputs follow one input, every
 * `any` input is of that type (a switch between two images); otherwise each stands alone (all pairs of two lists).
 */
function alike(field: Field, type: NodeType): readonly Field[] {
  const followed = new Set(type.outputs.flatMap(({ sameAs }) => sameAs ?? []));
  if (followed.size !== 1) return [field];
  return type.fields.filter((one) => one.type.media === "any");
}
