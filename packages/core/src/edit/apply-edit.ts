import type { Document, DocumentEdge, DocumentNode } from "../document.ts";
import { assertNever } from "../errors.ts";
import { edgeIndex } from "../graph/edge-index.ts";
import { nodeOf } from "../graph/node-label.ts";
import type { Catalog } from "../node-type.ts";
import type { Edit, Edited, Position } from "./edit.ts";
import { applyNoteEdit } from "./apply-note-edit.ts";
import { insertAt, removeIds } from "./ordered.ts";
import { setParams, setSettings } from "./set-node.ts";

type EditOf<Type extends Edit["type"]> = Extract<Edit, { type: Type }>;

/**
 * Applies one edit without changing `document`: what it does not touch keeps its identity, and an edit that changes
 * nothing gives the same document back. Never throws. `inverse` undoes it exactly, the order of wires included.
 */
export function applyEdit(document: Document, edit: Edit, catalog: Catalog): Edited {
  switch (edit.type) {
    case "addNodes":
      return addNodes(document, edit);
    case "removeNodes":
      return removeNodes(document, edit);
    case "moveNodes":
      return moveNodes(document, edit);
    case "setParams":
      return setParams(document, edit);
    case "setNode":
      return setSettings(document, edit);
    case "addEdges":
      return addEdges(document, edit, catalog);
    case "removeEdges":
      return removeEdges(document, new Set(edit.edgeIds));
    case "setMeta":
      return setMeta(document, edit);
    case "addNotes":
    case "removeNotes":
    case "setNote":
      return applyNoteEdit(document, edit);
    case "batch":
      return applyBatch(document, edit, catalog);
    default:
      return assertNever(edit);
  }
}

function addNodes(document: Document, edit: EditOf<"addNodes">): Edited {
  const fresh = Object.entries(edit.nodes).filter(([id]) => nodeOf(document, id) === undefined);
  if (fresh.length === 0) return unchanged(document);
  const nodes = Object.fromEntries([...Object.entries(document.nodes), ...fresh]);
  const nodeIds = fresh.map(([id]) => id);
  const keepEdges = [...wiresOf(document, new Set(nodeIds))];
  return {
    document: { ...document, nodes },
    inverse: { type: "removeNodes", nodeIds, ...(keepEdges.length > 0 && { keepEdges }) },
  };
}

function removeNodes(document: Document, edit: EditOf<"removeNodes">): Edited {
  const gone = new Set(edit.nodeIds.filter((id) => nodeOf(document, id) !== undefined));
  if (gone.size === 0) return unchanged(document);
  const wires = wiresOf(document, gone);
  for (const id of edit.keepEdges ?? []) wires.delete(id);
  const unwired = removeEdges(document, wires);
  const entries = Object.entries(document.nodes);
  const removed = Object.fromEntries(entries.filter(([id]) => gone.has(id)));
  const nodes = Object.fromEntries(entries.filter(([id]) => !gone.has(id)));
  const back: Edit = { type: "addNodes", nodes: removed };
  return {
    document: { ...unwired.document, nodes },
    inverse: wires.size === 0 ? back : { type: "batch", edits: [back, unwired.inverse] },
  };
}

function wiresOf(document: Document, nodeIds: ReadonlySet<string>): Set<string> {
  const { into, outOf } = edgeIndex(document.edges);
  const wires = new Set<string>();
  for (const id of nodeIds) {
    for (const edge of [...(into.get(id) ?? []), ...(outOf.get(id) ?? [])]) wires.add(edge.id);
  }
  return wires;
}

function moveNodes(document: Document, edit: EditOf<"moveNodes">): Edited {
  const moved = new Map<string, DocumentNode>();
  const before = new Map<string, Position>();
  for (const [id, position] of Object.entries(edit.positions)) {
    const node = nodeOf(document, id);
    if (node === undefined || samePlace(node.position, position)) continue;
    moved.set(id, { ...node, position });
    before.set(id, node.position);
  }
  if (moved.size === 0) return unchanged(document);
  const entries = Object.entries(document.nodes).map(([id, node]) => [id, moved.get(id) ?? node]);
  return {
    document: { ...document, nodes: Object.fromEntries(entries) },
    inverse: { type: "moveNodes", positions: Object.fromEntries(before) },
  };
}

function addEdges(document: Document, edit: EditOf<"addEdges">, catalog: Catalog): Edited {
  const displaced =
    edit.at === undefined ? displacedBy(document, edit.edges, catalog) : new Set<string>();
  const cleared = removeEdges(document, displaced);
  const { items, added } = insertAt(cleared.document.edges, edit.edges, edit.at);
  if (added.length === 0) return unchanged(document);
  const undo: Edit = { type: "removeEdges", edgeIds: added.map(({ id }) => id) };
  return {
    document: { ...cleared.document, edges: items },
    inverse: displaced.size === 0 ? undo : { type: "batch", edits: [undo, cleared.inverse] },
  };
}

/** Wires that stand in a single input into which one of `added` goes. */
function displacedBy(
  document: Document,
  added: readonly DocumentEdge[],
  catalog: Catalog,
): ReadonlySet<string> {
  const { into } = edgeIndex(document.edges);
  const displaced = new Set<string>();
  for (const { id, to } of added) {
    const node = nodeOf(document, to.node);
    const type = node === undefined ? undefined : catalog.get(node.type);
    const field = type?.fields.find(({ name }) => name === to.port);
    if (field === undefined || field.type.list) continue;
    for (const old of into.get(to.node) ?? []) {
      if (old.to.port === to.port && old.id !== id) displaced.add(old.id);
    }
  }
  return displaced;
}

function removeEdges(document: Document, ids: ReadonlySet<string>): Edited {
  const { items, removed, at } = removeIds(document.edges, ids);
  if (removed.length === 0) return unchanged(document);
  return {
    document: { ...document, edges: items },
    inverse: { type: "addEdges", edges: removed, at },
  };
}

function setMeta(document: Document, { meta }: EditOf<"setMeta">): Edited {
  const { name = document.name, description = document.description } = meta;
  if (name === document.name && description === document.description) return unchanged(document);
  return {
    document: { ...document, name, description },
    inverse: { type: "setMeta", meta: { name: document.name, description: document.description } },
  };
}

function applyBatch(document: Document, edit: EditOf<"batch">, catalog: Catalog): Edited {
  const inverses: Edit[] = [];
  let current = document;
  for (const one of edit.edits) {
    const edited = applyEdit(current, one, catalog);
    if (edited.document === current) continue;
    current = edited.document;
    inverses.push(edited.inverse);
  }
  return { document: current, inverse: { type: "batch", edits: inverses.reverse() } };
}

function samePlace(a: Position, b: Position): boolean {
  return a.x === b.x && a.y === b.y;
}

function unchanged(document: Document): Edited {
  return { document, inverse: { type: "batch", edits: [] } };
}
