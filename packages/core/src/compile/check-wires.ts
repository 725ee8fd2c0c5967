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
  const taken = new Map<string, DocumentEdge>();
  const edges = document.edges.filter((edge, index) => {
    const found = endProblems(edge, document, nodes).map((problem) => ({
      ...problem,
      path: `edges.${index}`,
    }));
    problems.push(...found);
    const to = nodes.get(edge.to.node);
    if (found.length > 0 || to === undefined || !nodes.has(edge.from.node)) return false;
    const input = `${edge.to.node}/${edge.to.port}`;
    const list = fieldOf(to, edge.to.port)?.type.list === true;
    if (list || !taken.has(input)) {
      taken.set(input, edge);
      return true;
    }
    problems.push({ ...secondWire(edge, to), path: `edges.${index}` });
    return false;
  });
  return { edges, problems };
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

function endProblems(edge: DocumentEdge, document: Document, nodes: TypedNodes): Problem[] {
  const { from, to } = edge;
  const problems = [from, to].flatMap((end) =>
    nodeOf(document, end.node) === undefined ? [danglingEnd(edge, end.node)] : [],
  );
  const source = nodes.get(from.node);
  if (source !== undefined && !source.type.outputs.some(({ name }) => name === from.port)) {
    problems.push(unknownOutput(source, from.port));
  }
  const target = nodes.get(to.node);
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
