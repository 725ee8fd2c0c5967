import type { LinkedValue } from "@heddle/api";
import {
  artifactRefSchema,
  type DocumentNode,
  type Field,
  type NodeType,
  type PortType,
  type ResolvedPorts,
} from "@heddle/core";
import { jsonWords } from "../node/json-words.ts";

/** How a node is drawn: a picture, the value that it holds, the words that it made, or an output's name tag. */
export type BodyKind = "picture" | "value" | "words" | "tag";

export interface Socket {
  readonly side: "input" | "output";
  readonly name: string;
  readonly label: string;
  readonly type: PortType;
  readonly wired: boolean;
  /** Pixels from the top of the node to the middle of the port. */
  readonly y: number;
}

/** Proportions of what a node shows: width ÷ height of one item, and how many there are. */
export interface ResultShape {
  readonly aspect: number;
  readonly count: number;
}

/** Everything about a node's size, known before anything is drawn, so that nothing is measured. CSS pixels at zoom 1. */
export interface NodeLayout {
  readonly kind: BodyKind;
  readonly width: number;
  readonly height: number;
  /** Of the part above the parameters. */
  readonly bodyHeight: number;
  readonly columns: number;
  /** Parameters shown on the node. */
  readonly params: readonly Field[];
  readonly sockets: readonly Socket[];
}

export interface LayoutInput {
  readonly node: DocumentNode;
  readonly type: NodeType;
  readonly ports: ResolvedPorts;
  readonly shape: ResultShape;
  readonly wiredOutputs: ReadonlySet<string>;
}

const firstPort = 24;
const portPitch = 24;
const paramRow = 28;
const areaRow = 64;
const tagHeight = 24;
/** Of what is there but not seen: a LoRA. */
const tokenHeight = 56;
export const square: ResultShape = { aspect: 1, count: 1 };

export function layoutNode(input: LayoutInput): NodeLayout {
  const { node, type, shape } = input;
  const kind = bodyKind(type, input.ports);
  if (kind === "tag") return layoutTag(input);
  const sockets = socketsOf(input);
  const width = node.width ?? defaultWidth(type, kind);
  const columns = shape.count <= 1 ? 1 : shape.count <= 4 ? 2 : 3;
  const rows = Math.ceil(Math.min(shape.count, 9) / columns);
  const params = kind === "value" ? [] : shownParams(node, type, sockets);
  const paramsHeight =
    params.reduce((sum, field) => sum + paramHeight(field), 0) + (params.length > 0 ? 4 : 0);
  const most = Math.max(0, ...sockets.map(({ y }) => y));
  const picture = Math.round((rows * width) / columns / clampAspect(shape.aspect));
  const wanted = wantedHeight(input, { kind, width, picture });
  const bodyHeight = Math.max(wanted, most + 16 - paramsHeight, 40);
  return { kind, width, height: bodyHeight + paramsHeight, bodyHeight, columns, params, sockets };
}

/** A parameter's height on the node. */
export function paramHeight(field: Field): number {
  return field.widget === "textarea" || field.widget === "texts" ? areaRow : paramRow;
}

function bodyKind(type: NodeType, ports: ResolvedPorts): BodyKind {
  if (type.role === "output") return "tag";
  const value = valueField(type);
  if (value !== undefined && value.widget !== "file" && value.widget !== "files") return "value";
  const made = ports.outputs[0]?.type.media;
  return made === "text" || made === "number" ? "words" : "picture";
}

interface Measures {
  readonly kind: BodyKind;
  readonly width: number;
  /** Height that pictures take. */
  readonly picture: number;
}

function wantedHeight(input: LayoutInput, { kind, width, picture }: Measures): number {
  if (kind === "value") return valueHeight(input.node, input.type, width);
  if (kind === "words") return 72;
  return isSeen(input) ? picture : tokenHeight;
}

/** Whether there is, or will be, something to look at. */
function isSeen({ type, ports }: LayoutInput): boolean {
  return type.role === "input" || ports.outputs.some(({ type: { media } }) => media !== "lora");
}

/** The field that an input node is about. */
export function valueField(
  type: Pick<NodeType, "fields"> & { readonly role?: NodeType["role"] | undefined },
): Field | undefined {
  return type.role === "input" ? type.fields.find(({ name }) => name === "value") : undefined;
}

function layoutTag(input: LayoutInput): NodeLayout {
  const name = tagName(input.node, input.type);
  const width = Math.min(320, Math.max(56, Math.ceil((name.length * 7 + 26) / 8) * 8));
  const sockets = socketsOf(input)
    .filter(({ side }) => side === "input")
    .map((socket, index) => ({ ...socket, y: tagHeight / 2 + index * portPitch }));
  return {
    kind: "tag",
    width,
    height: tagHeight,
    bodyHeight: tagHeight,
    columns: 1,
    params: [],
    sockets,
  };
}

/** The name that the API uses. */
export function tagName(node: DocumentNode, type: NodeType): string {
  const name = node.params["name"] ?? type.fields.find((field) => field.name === "name")?.default;
  return typeof name === "string" ? name : "";
}

function defaultWidth(type: NodeType, kind: BodyKind): number {
  if (type.work.kind === "approve") return 208;
  if (kind !== "value") return type.group === "flow" ? 144 : type.role === "input" ? 176 : 208;
  const widget = valueField(type)?.widget;
  return widget === "textarea" || widget === "text" || widget === "texts" ? 176 : 160;
}

function valueHeight(node: DocumentNode, type: NodeType, width: number): number {
  const field = valueField(type);
  const value = node.params["value"] ?? field?.default;
  if (field?.widget === "textarea" || field?.widget === "text" || field?.widget === "texts") {
    const text = jsonWords(value);
    const perLine = Math.max(8, Math.floor((width - 20) / 6.2));
    const lines = text
      .split("\n")
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
    return Math.min(10, Math.max(3, lines)) * 18 + 16;
  }
  return field?.widget === "slider" ? 64 : 40;
}

function shownParams(node: DocumentNode, type: NodeType, sockets: readonly Socket[]): Field[] {
  const names = pinnedParams(node, type);
  const wired = new Set(
    sockets.filter(({ side, wired: on }) => side === "input" && on).map(({ name }) => name),
  );
  return names.flatMap(
    (name) => type.fields.find((field) => field.name === name && !wired.has(name)) ?? [],
  );
}

/** Names of the parameters that the person, or else the type, wants on the node. */
export function pinnedParams(node: DocumentNode, type: NodeType): readonly string[] {
  if (node.pinned !== undefined) return node.pinned;
  const value = valueField(type)?.name;
  return type.fields
    .filter((field) => field.pinned === true && field.name !== value)
    .slice(0, 3)
    .map(({ name }) => name);
}

function socketsOf({ ports, wiredOutputs }: LayoutInput): Socket[] {
  const inputs = ports.inputs.map(({ field, type, wired }, index): Socket => ({
    side: "input",
    name: field.name,
    label: field.label,
    type,
    wired,
    y: firstPort + index * portPitch,
  }));
  const outputs = ports.outputs.map(({ name, label, type }, index): Socket => ({
    side: "output",
    name,
    label,
    type,
    wired: wiredOutputs.has(name),
    y: firstPort + index * portPitch,
  }));
  return [...inputs, ...outputs];
}

function clampAspect(aspect: number): number {
  return Math.min(2.5, Math.max(0.4, aspect));
}

/** Proportions of the values that a node shows. */
export function shapeOf(value: LinkedValue | undefined): ResultShape {
  if (value === undefined) return square;
  const items = value.media === "list" ? value.items : [value];
  const first = items[0];
  const file = first !== undefined && "artifact" in first ? first.artifact : undefined;
  return { aspect: ratio(file?.width, file?.height), count: Math.max(1, items.length) };
}

/** Proportions of the files that an input node holds. */
export function shapeOfFiles(json: unknown): ResultShape {
  const files = artifactRefSchema.array().safeParse(Array.isArray(json) ? json : [json]).data ?? [];
  return { aspect: ratio(files[0]?.width, files[0]?.height), count: Math.max(1, files.length) };
}

function ratio(width: number | undefined, height: number | undefined): number {
  return width === undefined || height === undefined ? 1 : width / height;
}
