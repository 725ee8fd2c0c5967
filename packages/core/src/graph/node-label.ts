import type { DocumentNode } from "../document.ts";
import type { Catalog } from "../node-type.ts";

/** What a person calls the node: its title, else its type's. */
export function nodeTitle(node: DocumentNode, catalog: Catalog): string {
  return node.title?.trim() || (catalog.get(node.type)?.title ?? node.type);
}

/** `Adjust (n3)`: how messages name a node, so that it is found by people and by programs. */
export function nodeLabel(nodeId: string, node: DocumentNode, catalog: Catalog): string {
  return `${nodeTitle(node, catalog)} (${nodeId})`;
}

/** Own property only: a node called `constructor` is a node like any other. */
export function nodeOf(
  document: { readonly nodes: Readonly<Record<string, DocumentNode>> },
  nodeId: string,
): DocumentNode | undefined {
  return Object.hasOwn(document.nodes, nodeId) ? document.nodes[nodeId] : undefined;
}
