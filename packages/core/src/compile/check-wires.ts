import type { Document, DocumentEdge } from "../document.ts";
import { nodeOf } from "../graph/node-label.ts";
import type { ResolvedTypes } from "../graph/resolve-types.ts";
import { canConnect, describePort } from "../media.ts";
import type { Problem } from "../problem.ts";
import type { TypedNode, TypedNodes } from "./typed-node.ts";

interface CheckedWires {
  /** Wires whose ends exist, without those that an input cannot take besides another. */
  readonly edges: readonly DocumentEdge[];
  readonly problems: Problem[];
}

/** Ends of every wire: nodes and ports exist, nothing feeds itself, a single input has one wire. */
export function checkWires(document: Document, nodes: TypedNodes): CheckedWires {
  const problems: Problem[] = [];
  const taken = new Map<string, Set<string>>();
  const bad = new Set<DocumentEdge>();
  document.edges.forEach((edge, index) => {
    const ends = { from: nodes.get(edge.from.node), to: nodes.get(edge.to.node) };
    const found = soundEnds(edge, ends) ? [] : endProblems(edge, document, ends);
    if (found.length === 0 && isSecond(edge, ends.to, taken)) found.push(secondWire(edge, ends.to));
    for (const problem of found) problems.push({ ...problem, path: `edges.${index}` });
    if (found.length > 0 || ends.from === undefined || ends.to === undefined) bad.add(edge);
  });
  // The same array when nothing is wrong: its index is kept by identity.
  const edges = bad.size === 0 ? document.edges : document.edges.filter((edge) => !bad.has(edge));
  return { edges, problems };
}

interface Ends {
  readonly from: TypedNode | undefined;
  readonly to: TypedNode | undefined;
}

/** The common case, without a list of problems. */
function soundEnds({ from, to }: DocumentEdge, ends: Ends): boolean {
  if (ends.from === undefined || ends.to === undefined || from.node === to.node) return false;
  const output = ends.from.type.outputs.some(({ name }) => name === from.port);
  return output && fieldOf(ends.to, to.port)?.wirable === true;
}

/** Whether the single input has a wire already; remembers that it has one now. */
function isSecond(
  { to }: DocumentEdge,
  target: TypedNode | undefined,
  taken: Map<string, Set<string>>,
): target is TypedNode {
  if (target === undefined || fieldOf(target, to.port)?.type.list === true) return false;
  const ports = taken.get(to.node);
  if (ports === undefined) taken.set(to.node, new Set([to.port]));
  else if (ports.has(to.port)) return true;
  else ports.add(to.port);
  return false;
}

/** Media types of every wire, once generic ports are resolved. */
export function checkWireTypes(
  document: Document,
  nodes: TypedNodes,
  types: ResolvedTypes,
): Problem[] {
  return document.edges.flatMap((edge, index) => {
    const from = types.get(edge.from.node)?.outputs.find(({ name }) => name === edge.from.port);
    const to = types.get(edge.to.node)?.inputs.find(({ field }) => field.name === edge.to.port);
    if (from === undefined || to === undefined || canConnect(from.type, to.type)) return [];
    return [
      {
        code: "wire_type",
        message: `${labelOf(nodes, edge.to.node)}: ${edge.to.port} takes ${describePort(to.type)}, but ${labelOf(nodes, edge.from.node)} gives ${describePort(from.type)}; wire something else in`,
        nodeId: edge.to.node,
        portId: edge.to.port,
        path: `edges.${index}`,
      },
    ];
  });
}

function endProblems(edge: DocumentEdge, document: Document, ends: Ends): Problem[] {
  const { from, to } = edge;
  const problems = [from, to].flatMap((end) =>
    nodeOf(document, end.node) === undefined ? [danglingEnd(edge, end.node)] : [],
  );
  const { from: source, to: target } = ends;
  if (source !== undefined && !source.type.outputs.some(({ name }) => name === from.port)) {
    problems.push(unknownOutput(source, from.port));
  }
  const field = target === undefined ? undefined : fieldOf(target, to.port);
  if (target !== undefined && (field === undefined || !field.wirable)) {
    problems.push(unwirable(target, to.port, field !== undefined));
  }
  if (source !== undefined && from.node === to.node) problems.push(selfLoop(source));
  return problems;
}

function danglingEnd(edge: DocumentEdge, nodeId: string): Problem {
  return {
    code: "unknown_node",
    message: `The wire ${edge.id} ends at node "${nodeId}", which does not exist; remove the wire`,
    nodeId,
  };
}

function unknownOutput(source: TypedNode, port: string): Problem {
  const names = source.type.outputs.map(({ name }) => name);
  return {
    code: "unknown_port",
    message: `${source.label} has no output "${port}"; it has ${names.join(", ") || "none"}`,
    nodeId: source.id,
    portId: port,
  };
}

function unwirable(target: TypedNode, port: string, exists: boolean): Problem {
  const names = target.type.fields.filter(({ wirable }) => wirable).map(({ name }) => name);
  const why = exists ? `${port} cannot be wired` : `there is no input "${port}"`;
  return {
    code: "unknown_port",
    message: `${target.label}: ${why}; wires may go into ${names.join(", ") || "no input of it"}`,
    nodeId: target.id,
    portId: port,
  };
}

function selfLoop(node: TypedNode): Problem {
  return {
    code: "cycle",
    message: `${node.label} is wired to itself; remove that wire`,
    nodeId: node.id,
  };
}

function secondWire(edge: DocumentEdge, to: TypedNode): Problem {
  return {
    code: "wire_duplicate",
    message: `${to.label}: ${edge.to.port} takes one wire and has more; remove the wire from ${edge.from.node}`,
    nodeId: to.id,
    portId: edge.to.port,
  };
}

function fieldOf(node: TypedNode, name: string) {
  return node.type.fields.find((field) => field.name === name);
}

function labelOf(nodes: TypedNodes, id: string): string {
  return nodes.get(id)?.label ?? id;
}
