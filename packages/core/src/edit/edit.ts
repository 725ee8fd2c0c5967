import type { Document, DocumentEdge, DocumentNode } from "../document.ts";
import type { Json } from "../json.ts";

export type DocumentNote = Document["notes"][number];
export type Position = DocumentNode["position"];

/** What a node has besides its type, position and parameters. */
export type NodeSettings = Partial<
  Pick<DocumentNode, "title" | "width" | "mode" | "ports" | "pinned">
>;

/**
 * One change to a document, as plain JSON, so that history survives a reload. Ids come in with the edit.
 * What an edit names and the document no longer has is passed over, so an edit made on an older document still applies.
 */
export type Edit =
  | { readonly type: "addNodes"; readonly nodes: Readonly<Record<string, DocumentNode>> }
  /** Their wires go too, except `keepEdges`: wires that dangled before the nodes were added, when that is undone. */
  | {
      readonly type: "removeNodes";
      readonly nodeIds: readonly string[];
      readonly keepEdges?: readonly string[];
    }
  | { readonly type: "moveNodes"; readonly positions: Readonly<Record<string, Position>> }
  /** `unset` gives parameters back to their defaults. */
  | {
      readonly type: "setParams";
      readonly nodeId: string;
      readonly params: Readonly<Record<string, Json>>;
      readonly unset?: readonly string[];
    }
  | {
      readonly type: "setNode";
      readonly nodeId: string;
      readonly settings: NodeSettings;
      readonly unset?: readonly ("title" | "width" | "pinned")[];
    }
  /**
   * At the end of `edges`, each taking the place of a wire that its single input has. With `at` (the index of each,
   * ascending) exactly there, and nothing gives way: that is how removed wires come back.
   */
  | {
      readonly type: "addEdges";
      readonly edges: readonly DocumentEdge[];
      readonly at?: readonly number[];
    }
  | { readonly type: "removeEdges"; readonly edgeIds: readonly string[] }
  | {
      readonly type: "setMeta";
      readonly meta: { readonly name?: string; readonly description?: string };
    }
  | {
      readonly type: "addNotes";
      readonly notes: readonly DocumentNote[];
      readonly at?: readonly number[];
    }
  | { readonly type: "removeNotes"; readonly noteIds: readonly string[] }
  | {
      readonly type: "setNote";
      readonly noteId: string;
      readonly note: Partial<Omit<DocumentNote, "id">>;
    }
  /** In order; undone in reverse. */
  | { readonly type: "batch"; readonly edits: readonly Edit[] };

export interface Edited {
  readonly document: Document;
  /** Takes `document` back to what it was, exactly. */
  readonly inverse: Edit;
}
