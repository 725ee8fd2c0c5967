import type { Document, DocumentEdge } from "../document.ts";
import type { PortType } from "../media.ts";
import type { Catalog } from "../node-type.ts";
import { edgeIndex } from "./edge-index.ts";
import { nodeOf } from "./node-label.ts";
import { resolveNode, type ResolvedPorts, type Wired } from "./resolve-node.ts";
import { topologicalOrder } from "./topological-order.ts";

/** Nodes of unknown type have no entry. */
export type ResolvedTypes = ReadonlyMap<string, ResolvedPorts>;

/** What types are resolved over: a document, or one with some wires left out. */
export type TypedGraph = Pick<Document, "nodes"> & { readonly edges: readonly DocumentEdge[] };

/**
 * Ports of every node with their types, generic ones resolved through the wires, in O(nodes + wires).
 * On a cycle the wire that closes it counts as `any`. `order`, where it is known: every node after what it needs.
 */
export function resolveTypes(
  graph: TypedGraph,
  catalog: Catalog,
  order: readonly string[] = topologicalOrder(Object.keys(graph.nodes), graph.edges),
): ResolvedTypes {
  const resolved = new Map<string, ResolvedPorts>();
  const started = new Set<string>();
  const work = { graph, catalog, resolved, started };
  for (const id of order) resolveOne(id, work);
  if (order.length === Object.keys(graph.nodes).length) return resolved;
  for (const id of Object.keys(graph.nodes)) if (!resolved.has(id)) resolveFrom(id, work);
  return resolved;
}

/** Ports of one node; undefined for an unknown node or type. Looks only at what the node needs. */
export function portsOf(
  document: TypedGraph,
  nodeId: string,
  catalog: Catalog,
): ResolvedPorts | undefined {
  const resolved = new Map<string, ResolvedPorts>();
  resolveFrom(nodeId, { graph: document, catalog, resolved, started: new Set() });
  return resolved.get(nodeId);
}

interface Work {
  readonly graph: TypedGraph;
  readonly catalog: Catalog;
  readonly resolved: Map<string, ResolvedPorts>;
  readonly started: Set<string>;
}

/** Depth first with an explicit stack: a node is resolved after everything that it needs. */
function resolveFrom(root: string, work: Work): void {
  const { into } = edgeIndex(work.graph.edges);
  const stack = [root];
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    if (!work.started.has(id)) {
      work.started.add(id);
      for (const { from } of into.get(id) ?? []) {
        // What is missing needs nothing, so no cycle goes through it.
        if (nodeOf(work.graph, from.node) === undefined) continue;
        if (!work.started.has(from.node)) stack.push(from.node);
      }
      continue;
    }
    stack.pop();
    if (!work.resolved.has(id)) resolveOne(id, work);
  }
}

function resolveOne(id: string, { graph, catalog, resolved }: Work): void {
  const node = nodeOf(graph, id);
  const type = node === undefined ? undefined : catalog.get(node.type);
  if (node === undefined || type === undefined) return;
  const wired = wiredTypes(edgeIndex(graph.edges).into.get(id) ?? [], resolved);
  resolved.set(id, resolveNode(node, type, wired));
}

function wiredTypes(edges: readonly DocumentEdge[], resolved: ResolvedTypes): Wired {
  const wired = new Map<string, PortType[]>();
  for (const { from, to } of edges) {
    const outputs = resolved.get(from.node)?.outputs ?? [];
    const type = outputs.find((output) => output.name === from.port)?.type;
    const sources = wired.get(to.port) ?? [];
    sources.push(type ?? { media: "any", list: false });
    wired.set(to.port, sources);
  }
  return wired;
}
