import { z } from "zod";
import { jsonSchema } from "./json.ts";

/** The version that this code writes. Older documents are migrated forward, newer ones are refused. */
export const documentVersion = 1;

export const idSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, "may hold letters, digits, - and _");

/** Canvas coordinates in CSS pixels at zoom 1; finite, within ±1e9. */
export const positionSchema = z.object({
  x: z.number().min(-1e9).max(1e9),
  y: z.number().min(-1e9).max(1e9),
});

export const nodeModes = ["active", "bypassed", "muted"] as const;

export const documentNodeSchema = z.object({
  type: z.string().min(1).max(64),
  position: positionSchema,
  /** What the person set; a field that is absent has its default. */
  params: z.record(z.string(), jsonSchema).default({}),
  title: z.string().max(120).optional(),
  /** CSS pixels; absent: the type's default (208). */
  width: z.number().min(96).max(640).optional(),
  /** `bypassed` hands its input on; `muted` removes the node and what depends on it. */
  mode: z.enum(nodeModes).default("active"),
  /** Parameters that the person turned into ports (wired ones are ports anyway). */
  ports: z.array(z.string()).default([]),
  /** Parameters shown on the node itself, at most three. */
  pinned: z.array(z.string()).max(3).optional(),
});
export type DocumentNode = z.infer<typeof documentNodeSchema>;

const endSchema = z.object({ node: idSchema, port: z.string().min(1).max(64) });

/** A wire. A list input takes several wires, in the order of `edges`; any other input takes one. */
export const documentEdgeSchema = z.object({ id: idSchema, from: endSchema, to: endSchema });
export type DocumentEdge = z.infer<typeof documentEdgeSchema>;

export const documentNoteSchema = z.object({
  id: idSchema,
  position: positionSchema,
  width: z.number().min(96).max(2000).default(240),
  text: z.string().max(10_000),
});

/** What a person edits. Plain JSON; the same in the database, in `name.heddle.json` and inside a PNG's metadata. */
export const documentSchema = z.object({
  heddle: z.literal(documentVersion),
  name: z.string().min(1).max(120),
  description: z.string().max(2000).default(""),
  nodes: z.record(idSchema, documentNodeSchema),
  edges: z.array(documentEdgeSchema).default([]),
  notes: z.array(documentNoteSchema).default([]),
});
export type Document = z.infer<typeof documentSchema>;
