import type { Document, DocumentNode } from "../document.ts";
import { nodeLabel } from "../graph/node-label.ts";
import type { Limits } from "../limits.ts";
import type { Catalog, NodeType } from "../node-type.ts";
import type { Problem } from "../problem.ts";

/** A node whose type is known. */
export interface TypedNode {
  readonly id: string;
  readonly node: DocumentNode;
  readonly type: NodeType;
  /** `Adjust (n3)` */
  readonly label: string;
}

export type TypedNodes = ReadonlyMap<string, TypedNode>;

/** Looks up every node's type; a compiler refuses what it does not know. In order of node id, so that nothing depends on key order. */
export function checkTypes(
  document: Document,
  catalog: Catalog,
): { readonly nodes: TypedNodes; readonly problems: Problem[] } {
  const nodes = new Map<string, TypedNode>();
  const problems: Problem[] = [];
  for (const id of Object.keys(document.nodes).sort()) {
    const node = document.nodes[id];
    if (node === undefined) continue;
    const type = catalog.get(node.type);
    if (type !== undefined) {
      nodes.set(id, { id, node, type, label: nodeLabel(id, node, catalog) });
      continue;
    }
    problems.push({
      code: "unknown_type",
      message: `${nodeLabel(id, node, catalog)}: there is no node type "${node.type}" here; remove the node or choose another`,
      nodeId: id,
      path: `nodes.${id}.type`,
    });
  }
  return { nodes, problems };
}

/** Counts that would make the rest slow. */
export function checkCounts(document: Document, limits: Limits): Problem[] {
  const counts = [
    { name: "nodes", what: "nodes", count: Object.keys(document.nodes).length },
    { name: "edges", what: "wires", count: document.edges.length },
  ] as const;
  return counts
    .filter(({ name, count }) => count > limits[name])
    .map(({ name, what, count }) => ({
      code: "limit",
      message: `The workflow has ${count} ${what}; at most ${limits[name]} are allowed (limit ${name})`,
      path: name,
    }));
}
