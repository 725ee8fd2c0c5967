import { catalog } from "@heddle/catalog";
import { type Document, type ResolvedPorts, type ResolvedTypes, resolveTypes } from "@heddle/core";

const known = new WeakMap<Document["edges"], WeakMap<Document["nodes"], ResolvedTypes>>();

/** Ports of every node with their types; asked again for the same document it costs nothing. */
export function typesOf(document: Document): ResolvedTypes {
  let byNodes = known.get(document.edges);
  if (byNodes === undefined) {
    byNodes = new WeakMap();
    known.set(document.edges, byNodes);
  }
  let types = byNodes.get(document.nodes);
  if (types === undefined) {
    types = resolveTypes(document, catalog);
    byNodes.set(document.nodes, types);
  }
  return types;
}

/** Equal for ports that look and connect the same. */
export function portsSignature(ports: ResolvedPorts | undefined): string {
  if (ports === undefined) return "";
  const inputs = ports.inputs.map(
    ({ field, type, wired }) =>
      `${field.name}:${type.media}${type.list ? "*" : ""}${wired ? "!" : ""}`,
  );
  const outputs = ports.outputs.map(
    ({ name, type }) => `${name}:${type.media}${type.list ? "*" : ""}`,
  );
  return `${inputs.join()}>${outputs.join()}`;
}

/** Nodes in the order in which they could run; those on a cycle come last. */
export function runOrder(document: Document): string[] {
  const open = new Map(Object.keys(document.nodes).map((id) => [id, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of document.edges) {
    open.set(to.node, (open.get(to.node) ?? 0) + 1);
    const followers = next.get(from.node);
    if (followers === undefined) next.set(from.node, [to.node]);
    else followers.push(to.node);
  }
  const place = (id: string) => document.nodes[id]?.position ?? { x: 0, y: 0 };
  const byPlace = (a: string, b: string) => place(a).y - place(b).y || place(a).x - place(b).x;
  const ready = [...open]
    .filter(([, count]) => count === 0)
    .map(([id]) => id)
    .sort(byPlace);
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    for (const follower of next.get(id) ?? []) {
      const left = (open.get(follower) ?? 1) - 1;
      open.set(follower, left);
      if (left === 0) ready.push(follower);
    }
  }
  const placed = new Set(order);
  return [...order, ...Object.keys(document.nodes).filter((id) => !placed.has(id))];
}

/** The ends of all that follows these nodes: running those runs everything from here on. */
export function targetsFrom(document: Document, nodeIds: Iterable<string>): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of document.edges)
    next.set(from.node, [...(next.get(from.node) ?? []), to.node]);
  const reached = new Set(nodeIds);
  const rest = [...reached];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    for (const follower of next.get(id) ?? []) {
      if (reached.has(follower)) continue;
      reached.add(follower);
      rest.push(follower);
    }
  }
  return [...reached].filter((id) => (next.get(id) ?? []).length === 0);
}
