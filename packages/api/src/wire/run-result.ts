import { runStatuses, sha256Schema, stepErrorSchema, stepStatuses } from "@heddle/core";
import { z } from "zod";

const fileItem = {
  url: z.string().meta({ description: "Signed link to the bytes; supports range requests" }),
  contentType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: sha256Schema,
};
const pictureSize = {
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
};

/** One value of an output. A list output has several items, any other output one. */
export const outputItemSchema = z
  .discriminatedUnion("media", [
    z.object({ media: z.literal("text"), text: z.string() }),
    z.object({ media: z.literal("number"), number: z.number() }),
    z.object({ media: z.literal("image"), ...fileItem, ...pictureSize }),
    z.object({
      media: z.literal("video"),
      ...fileItem,
      ...pictureSize,
      durationMs: z.number().nonnegative().optional(),
    }),
    z.object({ media: z.literal("lora"), ...fileItem }),
  ])
  .meta({ id: "OutputItem", description: "One value that a run made" });
export type OutputItem = z.infer<typeof outputItemSchema>;

export const stepResultSchema = z
  .object({
    nodeId: z.string(),
    nodeIds: z.array(z.string()).meta({ description: "Every node that this step did the work of" }),
    type: z.string(),
    item: z
      .number()
      .int()
      .nullable()
      .meta({ description: "Which item of a mapped node; null: the node itself" }),
    status: z.enum(stepStatuses),
    cached: z
      .boolean()
      .meta({ description: "The result was reused; nothing was computed and nothing is paid" }),
    queuedMs: z.number().nonnegative().nullable(),
    loadMs: z.number().nonnegative().nullable(),
    deviceMs: z.number().nonnegative().nullable(),
    durationMs: z.number().nonnegative().nullable(),
    costUsd: z.number().nonnegative(),
    error: stepErrorSchema.nullable(),
  })
  .meta({ id: "StepResult", description: "One step of a run" });
export type StepResult = z.infer<typeof stepResultSchema>;

/** A run as REST, the client and the CLI give it. */
export const runResultSchema = z
  .object({
    run: z.object({
      id: z.string(),
      number: z.number().int().nullable().meta({ description: "Counts the runs of one workflow" }),
      status: z.enum(runStatuses),
      createdAt: z.string().meta({ format: "date-time" }),
      startedAt: z.string().nullable().meta({ format: "date-time" }),
      finishedAt: z.string().nullable().meta({ format: "date-time" }),
      urls: z.object({
        self: z.string(),
        events: z.string(),
        cancel: z.string(),
        pause: z.string(),
        resume: z.string(),
      }),
    }),
    outputs: z
      .record(z.string(), z.array(outputItemSchema))
      .meta({ description: "What is there so far, by the name of the output" }),
    steps: z.array(stepResultSchema),
    cost: z.object({
      usd: z.number().nonnegative(),
      deviceMs: z
        .number()
        .nonnegative()
        .meta({ description: "Milliseconds of device time that are paid for" }),
    }),
    error: stepErrorSchema
      .extend({ nodeId: z.string() })
      .nullable()
      .meta({ description: "Why the run failed, with the node that it failed at" }),
  })
  .meta({ id: "Run", description: "A run: its state, what it made, what it cost" });
export type RunResult = z.infer<typeof runResultSchema>;
