import type { Document } from "@heddle/core";
import { fingerprintOf } from "./autosave.ts";
import type { DocumentStart } from "./document-store.ts";
import type { Draft } from "./draft-storage.ts";

export interface OpenedDocument {
  readonly start: DocumentStart;
  /** What the next save is based on. */
  readonly revision: number;
  /** The server has something newer than what the unsaved changes were made on. */
  readonly conflict: boolean;
}

/** Brings together what the server has and what this browser kept: nothing that was done here is lost. */
export function openDraft(
  server: { readonly document: Document; readonly revision: number },
  draft: Draft | null,
): OpenedDocument {
  const { document, revision } = server;
  if (draft === null) return { start: { document }, revision, conflict: false };
  const { past, future, pending } = draft;
  const history = { past, future };
  if (draft.baseRevision === revision) {
    return { start: { document: draft.document, ...history, pending }, revision, conflict: false };
  }
  const serverFingerprint = fingerprintOf(document);
  if (serverFingerprint === fingerprintOf(draft.document)) {
    return { start: { document, ...history }, revision, conflict: false };
  }
  if (pending.length === 0) return { start: { document }, revision, conflict: false };
  // Sent, but the answer was lost with the tab: the newer revision is our own.
  const own = serverFingerprint === draft.sentFingerprint;
  return { start: { document: draft.document, ...history, pending }, revision, conflict: !own };
}
