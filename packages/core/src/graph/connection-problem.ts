import type { Document } from "../document.ts";
import { canConnect, describePort } from "../media.ts";
import type { Catalog } from "../node-type.ts";
import type { Problem } from "../problem.ts";
import { edgeIndex, upstreamOf } from "./edge-index.ts";
import { nodeLabel, nodeOf, nodeTitle } from "./node-label.ts";
import { portsOf } from "./resolve-types.ts";

/** One end of a wire. */
export interface WireEnd {
  readonly node: string;
  readonly port: string;
}

/**
 * Why the output `from` cannot be wired into the input `to`, in words for the person who tries; null: it can.
 * A wire that is already in a single input is no reason: the new one takes its place.
 */
export function connectionProblem(
  document: Document,
  catalog: Catalog,
  ends: { readonly from: WireEnd; readonly to: WireEnd },
): Problem | null {
  const { from, to } = ends;
  const fromNode = nodeOf(document, from.node);
  const toNode = nodeOf(document, to.node);
  if (fromNode === undefined || toNode === undefined) {
    return { code: "unknown_node", message: "That node is gone", ...at(to) };
  }
  const output = portsOf(document, from.node, catalog)?.outputs.find(
    ({ name }) => name === from.port,
  );
  const field = catalog.get(toNode.type)?.fields.find(({ name }) => name === to.port);
  if (output === undefined || field === undefined || !field.wirable) {
    const message = `${nodeLabel(to.node, toNode, catalog)}: ${to.port} cannot be wired to ${from.port} of ${nodeLabel(from.node, fromNode, catalog)}`;
    return { code: "unknown_port", message, ...at(to) };
  }
  const loop = cycleProblem(document, catalog, ends);
  if (loop !== null) return loop;
  const wires = edgeIndex(document.edges).into.get(to.node) ?? [];
  const here = wires.filter((wire) => wire.to.port === to.port);
  if (here.some((wire) => wire.from.node === from.node && wire.from.port === from.port)) {
    return { code: "wire_duplicate", message: "These two are connected already", ...at(to) };
  }
  const replaced = field.type.list ? [] : here;
  const edges = document.edges.filter((edge) => !replaced.includes(edge));
  const rest = replaced.length === 0 ? document : { nodes: document.nodes, edges };
  const input = portsOf(rest, to.node, catalog)?.inputs.find((one) => one.field.name === to.port);
  const taken = input?.type ?? field.type;
  if (!canConnect(output.type, taken)) {
    const message = `${to.port} takes ${describePort(taken)}; ${from.port} gives ${describePort(output.type)}`;
    return { code: "wire_type", message, ...at(to) };
  }
  return null;
}

/** The way from `to` down to `from`, which the new wire would close. */
function cycleProblem(
  document: Document,
  catalog: Catalog,
  { from, to }: { readonly from: WireEnd; readonly to: WireEnd },
): Problem | null {
  const upstream = upstreamOf(document.edges, from.node);
  if (!upstream.has(to.node)) return null;
  const titles = pathDown(document, { from: to.node, to: from.node, inside: upstream }).map(
    (id) => {
      const node = nodeOf(document, id);
      return node === undefined ? id : nodeTitle(node, catalog);
    },
  );
  const message = `This would make a cycle: ${[...titles, titles[0]].join(" → ")}`;
  return { code: "cycle", message, ...at(to) };
}

/** Breadth first from `from` along wires to `to`, both included. */
function pathDown(
  document: Document,
  search: { readonly from: string; readonly to: string; readonly inside: ReadonlySet<string> },
): string[] {
  const { outOf } = edgeIndex(document.edges);
  const cameFrom = new Map<string, string | null>([[search.from, null]]);
  const queue = [search.from];
  for (let head = 0; head < queue.length && !cameFrom.has(search.to); head += 1) {
    const id = queue[head] ?? search.from;
    for (const { to } of outOf.get(id) ?? []) {
      if (cameFrom.has(to.node) || !search.inside.has(to.node)) continue;
      cameFrom.set(to.node, id);
      queue.push(to.node);
    }
  }
  const path: string[] = [];
  for (let id: string | null | undefined = search.to; id; id = cameFrom.get(id)) path.push(id);
  return path.reverse();
}

function at({ node, port }: WireEnd): Pick<Problem, "nodeId" | "portId"> {
  return { nodeId: node, portId: port };
}
