import type { LiveGraph } from "./live-graph.ts";
import type { TypedNode, TypedNodes } from "./typed-node.ts";

/**
 * Exactly what the targets need, each node after what it needs: depth first through the fields in the order of their
 * type, from the targets in their order. Iterative.
 */
export function neededNodes(
  targets: readonly string[],
  nodes: TypedNodes,
  live: LiveGraph,
): TypedNode[] {
  const started = new Set<string>();
  const needed: TypedNode[] = [];
  const stack: { readonly target: TypedNode; readonly done: boolean }[] = [];
  const push = (id: string): void => {
    const target = nodes.get(id);
    if (target !== undefined && !started.has(id)) stack.push({ target, done: false });
  };
  for (const id of [...targets].reverse()) push(id);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { target, done } = next;
    if (done) {
      needed.push(target);
      continue;
    }
    if (started.has(target.id)) continue;
    started.add(target.id);
    stack.push({ target, done: true });
    const inputs = live.inputsOf(target.id);
    const sources = target.type.fields.flatMap(({ name }) => inputs.get(name) ?? []);
    for (const source of sources.reverse()) push(source.node);
  }
  return needed;
}
