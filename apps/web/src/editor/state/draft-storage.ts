import { type Document, type Edit, parseDocument } from "@heddle/core";
import { createStore, del, get, set } from "idb-keyval";
import { z } from "zod";
import type { HistoryEntry } from "./document-store.ts";

/** What this browser keeps of a workflow until the server has it, and the history that outlives a reload. */
export interface Draft {
  readonly baseRevision: number;
  readonly document: Document;
  readonly pending: readonly Edit[];
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  /** Of the document that was sent last: the server may have it although its answer never came. */
  readonly sentFingerprint: string | null;
}

export interface DraftStorage {
  readonly read: (workflowId: string) => Promise<Draft | null>;
  readonly write: (workflowId: string, draft: Draft) => Promise<void>;
  readonly remove: (workflowId: string) => Promise<void>;
}

/** In IndexedDB, which has room for large documents and survives the tab and the browser. */
export function createDraftStorage(): DraftStorage {
  const store = createStore("heddle", "drafts");
  return {
    read: async (id) => readDraft(await get(id, store)),
    write: (id, draft) => set(id, draft, store),
    remove: (id) => del(id, store),
  };
}

const edit = z.custom<Edit>(
  (value) => typeof value === "object" && value !== null && "type" in value,
);
const history = z.array(z.object({ edit, inverse: edit, merge: z.string().nullable() }));
const draftSchema = z.object({
  baseRevision: z.number().int(),
  document: z.unknown(),
  pending: z.array(edit),
  past: history,
  future: history,
  sentFingerprint: z.string().nullable(),
});

/** A draft of this or an earlier version; null when it cannot be used any more. */
function readDraft(stored: unknown): Draft | null {
  const draft = draftSchema.safeParse(stored).data;
  const document = parseDocument(draft?.document);
  return draft === undefined || !document.ok ? null : { ...draft, document: document.document };
}

/** Writes the newest draft, never two at once; drafts that come meanwhile replace each other. */
export function createDraftWriter(
  storage: DraftStorage,
  workflowId: string,
): (draft: Draft) => void {
  let next: Draft | null = null;
  let busy = false;
  const work = async () => {
    busy = true;
    while (next !== null) {
      const draft = next;
      next = null;
      // Storage may be full or switched off; the document is still saved to the server.
      await storage.write(workflowId, draft).catch(() => undefined);
    }
    busy = false;
  };
  return (draft) => {
    next = draft;
    if (!busy) void work();
  };
}
