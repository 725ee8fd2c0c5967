import type { DocumentEdge } from "../document.ts";

/** Wires by the node at either end, each in document order. */
export interface EdgeIndex {
  readonly into: ReadonlyMap<string, readonly DocumentEdge[]>;
  readonly outOf: ReadonlyMap<string, readonly DocumentEdge[]>;
}

/** Documents are immutable and edits share what they do not touch, so the array itself is the key. */
const known = new WeakMap<readonly DocumentEdge[], EdgeIndex>();

/** The same object for the same array: asking again is free. */
export function edgeIndex(edges: readonly DocumentEdge[]): EdgeIndex {
  const found = known.get(edges);
  if (found !== undefined) return found;
  const index = { into: groupBy(edges, "to"), outOf: groupBy(edges, "from") };
  known.set(edges, index);
  return index;
}

/** Every node that `nodeId` needs, itself included. */
export function upstreamOf(edges: readonly DocumentEdge[], nodeId: string): ReadonlySet<string> {
  const { into } = edgeIndex(edges);
  const reached = new Set([nodeId]);
  const rest = [nodeId];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    for (const { from } of into.get(id) ?? []) {
      if (reached.has(from.node)) continue;
      reached.add(from.node);
      rest.push(from.node);
    }
  }
  return reached;
}

function groupBy(
  edges: readonly DocumentEdge[],
  end: "from" | "to",
): ReadonlyMap<string, readonly DocumentEdge[]> {
  const groups = new Map<string, DocumentEdge[]>();
  for (const edge of edges) {
    const group = groups.get(edge[end].node);
    if (group === undefined) groups.set(edge[end].node, [edge]);
    else group.push(edge);
  }
  return groups;
}
