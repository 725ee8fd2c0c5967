import { z } from "zod";
import { jsonSchema } from "./json.ts";
import { mediaTypes, valueSchema, sha256Schema } from "./media.ts";

const portTypeSchema = z.object({ media: z.enum([...mediaTypes, "any"]), list: z.boolean() });

/** Where a step's input comes from. `list` gathers several wires into one list, in their order. */
export const planInputSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("value"), value: valueSchema }),
  z.object({ kind: z.literal("step"), step: z.string(), port: z.string() }),
  z.object({
    kind: z.literal("list"),
    of: z.enum([...mediaTypes, "any"]),
    items: z.array(
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("value"), value: valueSchema }),
        z.object({ kind: z.literal("step"), step: z.string(), port: z.string() }),
      ]),
    ),
  }),
]);
export type PlanInput = z.infer<typeof planInputSchema>;

export const estimateSchema = z.object({
  /** milliseconds of device time */
  deviceMs: z.number().nonnegative(),
  costUsd: z.number().nonnegative(),
});
export type Estimate = z.infer<typeof estimateSchema>;

export const planStepSchema = z.object({
  /** Id of the first node that it stands for. */
  id: z.string(),
  /** Every node that this step does the work of: identical nodes are merged. */
  nodeIds: z.array(z.string()).min(1),
  type: z.string(),
  /** Version of the node type. */
  version: z.number().int(),
  kind: z.enum(["evaluate", "op", "approve"]),
  op: z.string().optional(),
  model: z.object({ id: z.string(), sha256: sha256Schema, sizeBytes: z.number() }).optional(),
  /** Validated parameters with defaults filled in; a wired parameter's value comes from `inputs` and wins. */
  params: z.record(z.string(), jsonSchema),
  inputs: z.record(z.string(), planInputSchema),
  /** Single inputs that a list flows into: the step runs once per item. Empty: it runs once. */
  mapped: z.array(z.string()),
  /** Types of the outputs after mapping (a mapped step gives lists). */
  outputs: z.record(z.string(), portTypeSchema),
  estimate: estimateSchema,
});
export type PlanStep = z.infer<typeof planStepSchema>;

/** What `compile` makes of a document: immutable, complete, in an order in which every step follows what it needs. */
export const planSchema = z.object({
  version: z.literal(1),
  steps: z.array(planStepSchema),
  /** Declared outputs by name; `step` is the output node's own step, `port` its `value`. */
  outputs: z.array(
    z.object({
      name: z.string(),
      nodeId: z.string(),
      type: portTypeSchema,
      step: z.string(),
      port: z.string(),
    }),
  ),
  /** Step of every node that runs. */
  nodeSteps: z.record(z.string(), z.string()),
  estimate: estimateSchema,
});
export type Plan = z.infer<typeof planSchema>;
