import type { Document, DocumentNode } from "../document.ts";
import { resolveTypes } from "../graph/resolve-types.ts";
import type { Json } from "../json.ts";
import type { PortType } from "../media.ts";
import type { Catalog, Field, NodeType } from "../node-type.ts";
import { declaredField, declaredName, paramOf, valueField } from "./declared-field.ts";

/** One input of a workflow, as forms, links and the API show it. */
export interface DeclaredInput {
  readonly name: string;
  readonly nodeId: string;
  readonly nodeType: string;
  /** The node's `value` with the node's own range, options, label and help. */
  readonly field: Field;
  readonly label: string;
  /** A run must bring a value: the workflow has none of its own. */
  readonly required: boolean;
  readonly default?: Json;
}

/** One output of a workflow. */
export interface DeclaredOutput {
  readonly name: string;
  readonly nodeId: string;
  readonly nodeType: string;
  readonly type: PortType;
  readonly label: string;
  readonly help?: string;
}

/**
 * What a workflow takes and gives, in canvas order (top to bottom, then left to right). Muted and bypassed nodes are
 * left out; of two inputs with one name the first counts (`compile` reports the second).
 */
export function describeInterface(
  document: Document,
  catalog: Catalog,
): { readonly inputs: DeclaredInput[]; readonly outputs: DeclaredOutput[] } {
  const types = resolveTypes(document, catalog);
  const outputs = declaringNodes(document, catalog, "output").flatMap((declaring) => {
    const ports = types.get(declaring.nodeId)?.inputs ?? [];
    const port = ports.find(({ field }) => field.name === valueField) ?? ports[0];
    return describeOutput(declaring, port?.type ?? { media: "any", list: false });
  });
  return { inputs: declaredInputs(document, catalog), outputs: firstOfName(outputs) };
}

/** The inputs alone, which need no look at the wires. */
export function declaredInputs(document: Document, catalog: Catalog): DeclaredInput[] {
  return firstOfName(declaringNodes(document, catalog, "input").flatMap(describeInput));
}

interface Declaring {
  readonly nodeId: string;
  readonly node: DocumentNode;
  readonly type: NodeType;
}

function declaringNodes(document: Document, catalog: Catalog, role: NodeType["role"]): Declaring[] {
  const found: Declaring[] = [];
  for (const [nodeId, node] of Object.entries(document.nodes)) {
    const type = catalog.get(node.type);
    if (type?.role === role && type !== undefined && node.mode === "active") {
      found.push({ nodeId, node, type });
    }
  }
  return found.sort(canvasOrder);
}

function canvasOrder(a: Declaring, b: Declaring): number {
  const down = a.node.position.y - b.node.position.y;
  const across = a.node.position.x - b.node.position.x;
  return down || across || (a.nodeId < b.nodeId ? -1 : 1);
}

function describeInput({ nodeId, node, type }: Declaring): DeclaredInput[] {
  const name = declaredName(node, type);
  const field = declaredField(node, type);
  if (name === undefined || field === undefined) return [];
  // A seed that is drawn anew with each run has no default: a form that sends it would fix it.
  const drawn = field.widget === "seed" && paramOf(node, type, "mode") === "random";
  const value = drawn ? null : (paramOf(node, type, valueField) ?? null);
  const empty = value === "" || (Array.isArray(value) && value.length === 0);
  const asked = paramOf(node, type, "required") === true;
  return [
    {
      name,
      nodeId,
      nodeType: node.type,
      field,
      label: field.label,
      required: !drawn && (value === null || (asked && empty)),
      ...(value !== null && { default: value }),
    },
  ];
}

function describeOutput({ nodeId, node, type }: Declaring, portType: PortType): DeclaredOutput[] {
  const name = declaredName(node, type);
  if (name === undefined) return [];
  const text = (param: string): string => {
    const json = paramOf(node, type, param);
    return typeof json === "string" ? json.trim() : "";
  };
  const help = text("help");
  return [
    {
      name,
      nodeId,
      nodeType: node.type,
      type: portType,
      label: text("label") || node.title?.trim() || name,
      ...(help !== "" && { help }),
    },
  ];
}

function firstOfName<Declared extends { readonly name: string }>(all: Declared[]): Declared[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => !seen.has(name) && seen.add(name));
}
