import { z } from "zod";

/** What the server answers; fields that this version does not know are kept out. */

const errorSchema = z.object({
  class: z.string(),
  code: z.string(),
  message: z.string(),
  nodeId: z.string().optional(),
  portId: z.string().optional(),
});

const outputItemSchema = z.object({
  media: z.enum(["text", "number", "image", "video", "lora"]),
  text: z.string().optional(),
  number: z.number().optional(),
  /** Signed link to the bytes. */
  url: z.string().optional(),
  contentType: z.string().optional(),
  sizeBytes: z.number().optional(),
  sha256: z.string().optional(),
  /** pixels */
  width: z.number().optional(),
  height: z.number().optional(),
  durationMs: z.number().optional(),
});
/** One value of an output: text, a number, or a link to a file. */
export type OutputItem = z.infer<typeof outputItemSchema>;

const stepSchema = z.object({
  nodeId: z.string(),
  nodeIds: z.array(z.string()).default([]),
  type: z.string(),
  /** Which item of a mapped node; null: the node itself. */
  item: z.number().nullable().default(null),
  status: z.string(),
  cached: z.boolean(),
  queuedMs: z.number().nullable(),
  loadMs: z.number().nullable().default(null),
  deviceMs: z.number().nullable(),
  durationMs: z.number().nullable(),
  costUsd: z.number().default(0),
  error: errorSchema.nullable().default(null),
});
export type RunStep = z.infer<typeof stepSchema>;

export const runSchema = z.object({
  run: z.object({
    id: z.string(),
    status: z.enum([
      "QUEUED",
      "RUNNING",
      "PAUSED",
      "CANCELING",
      "SUCCEEDED",
      "FAILED",
      "CANCELED",
      "EXPIRED",
    ]),
    createdAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
  outputs: z.record(z.string(), z.array(outputItemSchema)),
  steps: z.array(stepSchema),
  cost: z.object({ usd: z.number(), deviceMs: z.number() }),
  error: errorSchema.nullable(),
});
/** A run: its state, what it made so far, what it cost. */
export type Run = z.infer<typeof runSchema>;

export const uploadSchema = z.object({
  /** The value for a file input. */
  url: z.string(),
  media: z.string(),
});
export type Upload = z.infer<typeof uploadSchema>;

export const workflowSchema = z.object({
  owner: z.string(),
  name: z.string(),
  version: z.number(),
  title: z.string(),
  description: z.string(),
  inputs: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      /** `image`, `text`, `list of image`, … */
      type: z.string(),
      required: z.boolean(),
    }),
  ),
  outputs: z.array(z.object({ name: z.string(), label: z.string(), type: z.string() })),
});
/** A published workflow: what it takes and gives. */
export type Workflow = z.infer<typeof workflowSchema>;

export const modelsSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      sha256: z.string(),
      sizeBytes: z.number(),
      nodeTypes: z.array(z.string()),
    }),
  ),
});
export type Model = z.infer<typeof modelsSchema>["models"][number];

export const keysSchema = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      lastFour: z.string(),
      scopes: z.array(z.string()),
      createdAt: z.string(),
      lastUsedAt: z.string().nullable(),
    }),
  ),
});
export type ApiKey = z.infer<typeof keysSchema>["keys"][number];

export const createdKeySchema = z.object({
  id: z.string(),
  /** The key itself; the server does not show it again. */
  key: z.string(),
  lastFour: z.string(),
});
export type CreatedApiKey = z.infer<typeof createdKeySchema>;

export const runnerTokensSchema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      lastFour: z.string(),
      /** `workspace`: its runners take steps of this workspace only; `cluster`: of all. */
      scope: z.string(),
      createdAt: z.string(),
      lastUsedAt: z.string().nullable(),
      /** Connected with it now. */
      runners: z.number(),
    }),
  ),
});
export type RunnerToken = z.infer<typeof runnerTokensSchema>["tokens"][number];

export const createdRunnerTokenSchema = z.object({
  id: z.string(),
  /** The token itself; the server does not show it again. */
  token: z.string(),
  lastFour: z.string(),
});
export type CreatedRunnerToken = z.infer<typeof createdRunnerTokenSchema>;

export const progressSchema = z.object({
  stepId: z.string(),
  nodeIds: z.array(z.string()),
  item: z.number().nullable(),
  phase: z.enum(["loading", "computing"]),
  /** done of total units; total 0: unknown */
  done: z.number(),
  total: z.number(),
  leftMs: z.number().optional(),
});
/** How far a step is that runs now; told while it runs, not kept. */
export type RunProgress = z.infer<typeof progressSchema>;

export const eventSchema = z.object({
  seq: z.number(),
  at: z.string(),
  body: z.looseObject({
    type: z.string(),
    stepId: z.string().optional(),
    nodeIds: z.array(z.string()).optional(),
    item: z.number().nullable().optional(),
    cached: z.boolean().optional(),
  }),
});
/** Something that happened to a run; `seq` counts from 1 without gaps. */
export type RunEvent = z.infer<typeof eventSchema>;
