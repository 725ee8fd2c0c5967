import type { Document } from "../document.ts";
import { assertNever } from "../errors.ts";
import type { DocumentNote, Edit, Edited } from "./edit.ts";
import { insertAt, removeIds } from "./ordered.ts";

type NoteEdit = Extract<Edit, { type: "addNotes" | "removeNotes" | "setNote" }>;

/** Edits of the notes on the canvas. */
export function applyNoteEdit(document: Document, edit: NoteEdit): Edited {
  switch (edit.type) {
    case "addNotes": {
      const { items, added } = insertAt(document.notes, edit.notes, edit.at);
      const inverse: Edit = { type: "removeNotes", noteIds: added.map(({ id }) => id) };
      return withNotes(document, added.length === 0 ? document.notes : items, inverse);
    }
    case "removeNotes": {
      const { items, removed, at } = removeIds(document.notes, new Set(edit.noteIds));
      const inverse: Edit = { type: "addNotes", notes: removed, at };
      return withNotes(document, removed.length === 0 ? document.notes : items, inverse);
    }
    case "setNote":
      return setNote(document, edit);
    default:
      return assertNever(edit);
  }
}

function setNote(document: Document, edit: Extract<Edit, { type: "setNote" }>): Edited {
  const old = document.notes.find(({ id }) => id === edit.noteId);
  if (old === undefined) return withNotes(document, document.notes, nothing);
  const notes = document.notes.map((note) => (note === old ? { ...note, ...edit.note } : note));
  const { id: _id, ...before } = old;
  return withNotes(document, notes, { type: "setNote", noteId: edit.noteId, note: before });
}

const nothing: Edit = { type: "batch", edits: [] };

function withNotes(document: Document, notes: DocumentNote[], inverse: Edit): Edited {
  if (notes === document.notes) return { document, inverse: nothing };
  return { document: { ...document, notes }, inverse };
}
