import { catalog } from "@heddle/catalog";
import {
  copyFragment,
  type Document,
  type DocumentNode,
  type Edit,
  type Json,
  parseFragment,
  pasteFragment,
  type Position,
} from "@heddle/core";
import { newId } from "./new-id.ts";

/** A new node; inputs and outputs get a name that nothing else in the workflow has. */
export function newNode(
  document: Document,
  type: string,
  position: Position,
): { readonly id: string; readonly node: DocumentNode } {
  const declared = catalog.get(type);
  const params: Record<string, Json> = {};
  const name = declared?.fields.find((field) => field.name === "name")?.default;
  if (declared?.role !== undefined && typeof name === "string") {
    const free = freeName(name, namesOf(document, declared.role));
    if (free !== name) params["name"] = free;
  }
  const node: DocumentNode = {
    type,
    position: snapped(position),
    params,
    mode: "active",
    ports: [],
  };
  return { id: newId(type), node };
}

function namesOf(document: Document, role: "input" | "output"): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of Object.values(document.nodes)) {
    const type = catalog.get(node.type);
    if (type?.role !== role) continue;
    const name = node.params["name"] ?? type.fields.find((field) => field.name === "name")?.default;
    if (typeof name === "string") names.add(name);
  }
  return names;
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
  return name;
}

/** The 8-px grid. */
export function snapped({ x, y }: Position): Position {
  return { x: Math.round(x / 8) * 8, y: Math.round(y / 8) * 8 };
}

export interface Pasted {
  readonly edit: Edit;
  readonly nodeIds: readonly string[];
}

/** What a clipboard text adds to the document, with its left top corner at `at`; null when it holds no nodes of ours. */
export function pasteText(document: Document, text: string, at: Position): Pasted | null {
  const fragment = parseFragment(readJson(text));
  if (fragment === null) return null;
  const places = [...Object.values(fragment.nodes), ...fragment.notes].map(
    ({ position }) => position,
  );
  if (places.length === 0) return null;
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const offset = snapped({ x: at.x - left, y: at.y - top });
  const nodeIds: string[] = [];
  const fresh = (kind: "node" | "edge" | "note") => {
    const id = newId(kind);
    if (kind === "node") nodeIds.push(id);
    return id;
  };
  const pasted = pasteFragment(fragment, { newId: fresh, offset });
  return { edit: withFreeNames(document, pasted), nodeIds };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Pasted inputs and outputs keep their names where those are free. */
function withFreeNames(document: Document, edit: Edit): Edit {
  if (edit.type === "batch")
    return { ...edit, edits: edit.edits.map((one) => withFreeNames(document, one)) };
  if (edit.type !== "addNodes") return edit;
  const taken = {
    input: new Set(namesOf(document, "input")),
    output: new Set(namesOf(document, "output")),
  };
  const nodes = Object.entries(edit.nodes).map(([id, node]) => {
    const type = catalog.get(node.type);
    if (type?.role === undefined) return [id, node] as const;
    const name = node.params["name"] ?? type.fields.find((field) => field.name === "name")?.default;
    if (typeof name !== "string") return [id, node] as const;
    const free = freeName(name, taken[type.role]);
    taken[type.role].add(free);
    return [
      id,
      free === name ? node : { ...node, params: { ...node.params, name: free } },
    ] as const;
  });
  return { type: "addNodes", nodes: Object.fromEntries(nodes) };
}

/** The chosen nodes with the wires between them, as the clipboard carries them. */
export function copyText(document: Document, nodeIds: Iterable<string>): string {
  return JSON.stringify(copyFragment(document, [...nodeIds]));
}
