import type { Document } from "@heddle/core";
import { type Change, changesSince } from "./changes.ts";

const known = new WeakMap<
  Document,
  { readonly now: Document; readonly changes: ReadonlyMap<string, Change> }
>();

/** How a node changed since `ran`; worked out once for all nodes that `ran` gave results to. */
export function changeOf(nodeId: string, ran: Document, now: Document): Change | null {
  let entry = known.get(ran);
  if (entry?.now !== now) {
    entry = { now, changes: changesSince(ran, now) };
    known.set(ran, entry);
  }
  return entry.changes.get(nodeId) ?? null;
}
