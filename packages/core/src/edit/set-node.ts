import type { Document, DocumentNode } from "../document.ts";
import { nodeOf } from "../graph/node-label.ts";
import type { Json } from "../json.ts";
import type { Edit, Edited, NodeSettings } from "./edit.ts";

/** Parameters of one node. */
export function setParams(document: Document, edit: Extract<Edit, { type: "setParams" }>): Edited {
  const node = nodeOf(document, edit.nodeId);
  if (node === undefined) return unchanged(document);
  const params = new Map(Object.entries(node.params));
  const before = new Map<string, Json>();
  const unset: string[] = [];
  const remember = (name: string): void => {
    const old = params.get(name);
    if (old === undefined) unset.push(name);
    else before.set(name, old);
  };
  for (const [name, json] of Object.entries(edit.params)) {
    if (Object.is(params.get(name), json)) continue;
    remember(name);
    params.set(name, json);
  }
  for (const name of edit.unset ?? []) {
    if (!params.has(name) || Object.hasOwn(edit.params, name)) continue;
    remember(name);
    params.delete(name);
  }
  if (before.size === 0 && unset.length === 0) return unchanged(document);
  return {
    document: withNode(document, edit.nodeId, { ...node, params: Object.fromEntries(params) }),
    inverse: {
      type: "setParams",
      nodeId: edit.nodeId,
      params: Object.fromEntries(before),
      unset,
    },
  };
}

/** Title, width, mode, ports and pinned parameters of one node. */
export function setSettings(document: Document, edit: Extract<Edit, { type: "setNode" }>): Edited {
  const node = nodeOf(document, edit.nodeId);
  if (node === undefined) return unchanged(document);
  const next: DocumentNode = { ...node, ...edit.settings };
  for (const name of edit.unset ?? []) {
    if (!Object.hasOwn(edit.settings, name)) delete next[name];
  }
  const differs = settingNames.filter((name) => !Object.is(node[name], next[name]));
  if (differs.length === 0) return unchanged(document);
  const changed = new Set<string>(differs);
  const { title, width, mode, ports, pinned } = node;
  const settings: NodeSettings = {
    ...(changed.has("title") && title !== undefined && { title }),
    ...(changed.has("width") && width !== undefined && { width }),
    ...(changed.has("mode") && { mode }),
    ...(changed.has("ports") && { ports }),
    ...(changed.has("pinned") && pinned !== undefined && { pinned }),
  };
  const unset = clearable.filter((name) => changed.has(name) && node[name] === undefined);
  return {
    document: withNode(document, edit.nodeId, next),
    inverse: { type: "setNode", nodeId: edit.nodeId, settings, unset },
  };
}

const clearable = ["title", "width", "pinned"] as const;
const settingNames = [...clearable, "mode", "ports"] as const;

function withNode(document: Document, nodeId: string, node: DocumentNode): Document {
  return { ...document, nodes: { ...document.nodes, [nodeId]: node } };
}

function unchanged(document: Document): Edited {
  return { document, inverse: { type: "batch", edits: [] } };
}
