import { z } from "zod";
import {
  documentEdgeSchema,
  documentNodeSchema,
  documentNoteSchema,
  idSchema,
  nodeModes,
  positionSchema,
} from "../document.ts";
import { jsonSchema } from "../json.ts";
import type { Edit } from "./edit.ts";

const ids = z.array(z.string());
const at = z.array(z.number().int().nonnegative()).exactOptional();
const { title, width, pinned } = documentNodeSchema.shape;
const settings = z.object({
  title: title.unwrap().exactOptional(),
  width: width.unwrap().exactOptional(),
  mode: z.enum(nodeModes).exactOptional(),
  ports: z.array(z.string()).exactOptional(),
  pinned: pinned.unwrap().exactOptional(),
});
const note = z.object({
  position: positionSchema.exactOptional(),
  width: documentNoteSchema.shape.width.unwrap().exactOptional(),
  text: documentNoteSchema.shape.text.exactOptional(),
});
const meta = z.object({
  name: z.string().min(1).max(120).exactOptional(),
  description: z.string().max(2000).exactOptional(),
});

/** An edit as it was stored: history that outlives a reload, changes that wait for the server. Batches may nest. */
export const editSchema: z.ZodType<Edit> = z.lazy(() =>
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("addNodes"), nodes: z.record(idSchema, documentNodeSchema) }),
    z.object({ type: z.literal("removeNodes"), nodeIds: ids, keepEdges: ids.exactOptional() }),
    z.object({ type: z.literal("moveNodes"), positions: z.record(idSchema, positionSchema) }),
    z.object({
      type: z.literal("setParams"),
      nodeId: z.string(),
      params: z.record(z.string(), jsonSchema),
      unset: ids.exactOptional(),
    }),
    z.object({
      type: z.literal("setNode"),
      nodeId: z.string(),
      settings,
      unset: z.array(z.enum(["title", "width", "pinned"])).exactOptional(),
    }),
    z.object({ type: z.literal("addEdges"), edges: z.array(documentEdgeSchema), at }),
    z.object({ type: z.literal("removeEdges"), edgeIds: ids }),
    z.object({ type: z.literal("setMeta"), meta }),
    z.object({ type: z.literal("addNotes"), notes: z.array(documentNoteSchema), at }),
    z.object({ type: z.literal("removeNotes"), noteIds: ids }),
    z.object({ type: z.literal("setNote"), noteId: z.string(), note }),
    z.object({ type: z.literal("batch"), edits: z.array(editSchema) }),
  ]),
);
