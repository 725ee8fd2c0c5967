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
  const state = new Map<string, "open" | "done">();
  const needed: TypedNode[] = [];
  const stack = [...targets].reverse();
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const target = nodes.get(id);
    const before = state.get(id);
    if (target === undefined || before !== undefined) {
      stack.pop();
      if (target !== undefined && before === "open") needed.push(target);
      state.set(id, "done");
      continue;
    }
    state.set(id, "open");
    const inputs = live.inputsOf(id);
    const start = stack.length;
    for (const { name } of target.type.fields) {
      for (const { node } of inputs.get(name) ?? []) if (!state.has(node)) stack.push(node);
    }
    reverseFrom(stack, start);
  }
  return needed;
}

/** What was pushed first is to be taken first. */
function reverseFrom(stack: string[], start: number): void {
  const pushed = stack.splice(start);
  stack.push(...pushed.reverse());
}
