import { canonicalJson, type Document, type DocumentEdge } from "@heddle/core";

/** `own`: its parameters, mode or wires; `input`: something that it needs. */
export type Change = "own" | "input";

/** Nodes whose result would differ from what `ran` gave, judged by the document alone. */
export function changesSince(ran: Document, now: Document): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  if (ran === now) return changes;
  const before = wiresInto(ran);
  const after = wiresInto(now);
  for (const id of Object.keys(now.nodes)) {
    if (ownDiffers(id, ran, now) || before.get(id) !== after.get(id)) changes.set(id, "own");
  }
  spread(now.edges, changes);
  return changes;
}

function ownDiffers(id: string, ran: Document, now: Document): boolean {
  const a = ran.nodes[id];
  const b = now.nodes[id];
  if (a === b) return false;
  if (a === undefined || b === undefined) return true;
  if (a.type !== b.type || a.mode !== b.mode) return true;
  return a.params !== b.params && canonicalJson(a.params) !== canonicalJson(b.params);
}

/** What is wired into each node, as one comparable text. */
function wiresInto(document: Document): ReadonlyMap<string, string> {
  const wires = new Map<string, string>();
  for (const { from, to } of document.edges) {
    wires.set(to.node, `${wires.get(to.node) ?? ""}${to.port}<${from.node}.${from.port};`);
  }
  return wires;
}

/** What follows a changed node has a changed input. */
function spread(edges: readonly DocumentEdge[], changes: Map<string, Change>): void {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from.node, [...(next.get(from.node) ?? []), to.node]);
  const rest = [...changes.keys()];
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    for (const follower of next.get(id) ?? []) {
      if (changes.has(follower)) continue;
      changes.set(follower, "input");
      rest.push(follower);
    }
  }
}
