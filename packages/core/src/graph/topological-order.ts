import type { DocumentEdge } from "../document.ts";
import { edgeIndex } from "./edge-index.ts";

/** Every node after what it needs (Kahn 1962), without those on a cycle and those that need them. Linear. */
export function topologicalOrder(
  nodeIds: Iterable<string>,
  edges: readonly DocumentEdge[],
): string[] {
  const { into, outOf } = edgeIndex(edges);
  const waiting = new Map<string, number>();
  const order: string[] = [];
  for (const id of nodeIds) {
    const count = into.get(id)?.length ?? 0;
    if (count === 0) order.push(id);
    else waiting.set(id, count);
  }
  for (let head = 0; head < order.length; head += 1) {
    for (const { to } of outOf.get(order[head] ?? "") ?? []) {
      const left = (waiting.get(to.node) ?? 0) - 1;
      waiting.set(to.node, left);
      if (left === 0) order.push(to.node);
    }
  }
  return order;
}
