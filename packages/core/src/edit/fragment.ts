import { z } from "zod";
import {
  documentEdgeSchema,
  documentNodeSchema,
  documentNoteSchema,
  idSchema,
  type Document,
} from "../document.ts";
import { inspectJson } from "../inspect-json.ts";
import { defaultLimits } from "../limits.ts";
import type { DocumentNote, Edit, Position } from "./edit.ts";

/** Part of a document, as the clipboard holds it: nodes with the wires between them, and notes. */
export const fragmentSchema = z.object({
  heddleFragment: z.literal(1),
  nodes: z.record(idSchema, documentNodeSchema),
  edges: z.array(documentEdgeSchema),
  notes: z.array(documentNoteSchema),
});
export type Fragment = z.infer<typeof fragmentSchema>;

/** Copies these nodes and notes, by id, with the wires that run between them. Unknown ids are passed over. */
export function copyFragment(document: Document, ids: readonly string[]): Fragment {
  const chosen = new Set(ids);
  const nodes = Object.entries(document.nodes).filter(([id]) => chosen.has(id));
  const inside = new Set(nodes.map(([id]) => id));
  return {
    heddleFragment: 1,
    nodes: Object.fromEntries(nodes),
    edges: document.edges.filter(({ from, to }) => inside.has(from.node) && inside.has(to.node)),
    notes: document.notes.filter(({ id }) => chosen.has(id)),
  };
}

/** What the clipboard holds; null when it is no fragment. Safe for any JSON. */
export function parseFragment(json: unknown): Fragment | null {
  if (inspectJson(json, defaultLimits) !== null) return null;
  const parsed = fragmentSchema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

export interface PasteOptions {
  /** A fresh id, unique in the document, for each node, wire and note. */
  readonly newId: (kind: "node" | "edge" | "note") => string;
  /** CSS pixels at zoom 1, added to every position. */
  readonly offset: Position;
}

/** The edit that adds the fragment to a document under new ids, moved by `offset`. */
export function pasteFragment(fragment: Fragment, { newId, offset }: PasteOptions): Edit {
  const ids = new Map(Object.keys(fragment.nodes).map((id) => [id, newId("node")]));
  const nodes = Object.entries(fragment.nodes).map(([id, node]) => [
    ids.get(id) ?? id,
    { ...node, position: shift(node.position, offset) },
  ]);
  const edges = fragment.edges.flatMap(({ from, to }) => {
    const [source, target] = [ids.get(from.node), ids.get(to.node)];
    if (source === undefined || target === undefined) return [];
    const ends = { from: { ...from, node: source }, to: { ...to, node: target } };
    return [{ id: newId("edge"), ...ends }];
  });
  const notes = fragment.notes.map((note): DocumentNote => ({
    ...note,
    id: newId("note"),
    position: shift(note.position, offset),
  }));
  return {
    type: "batch",
    edits: [
      { type: "addNodes", nodes: Object.fromEntries(nodes) },
      { type: "addEdges", edges },
      { type: "addNotes", notes },
    ],
  };
}

function shift(position: Position, offset: Position): Position {
  return { x: clamp(position.x + offset.x), y: clamp(position.y + offset.y) };
}

/** Positions stay within ±1e9. */
function clamp(coordinate: number): number {
  return Math.min(1e9, Math.max(-1e9, coordinate));
}
