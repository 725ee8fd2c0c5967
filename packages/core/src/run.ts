import { z } from "zod";
import { stepErrorClasses } from "./errors.ts";
import { valueSchema } from "./media.ts";

export const runStatuses = [
  "QUEUED",
  "RUNNING",
  "PAUSED",
  "CANCELING",
  "SUCCEEDED",
  "FAILED",
  "CANCELED",
  "EXPIRED",
] as const;
export type RunStatus = (typeof runStatuses)[number];

/**
 * EXPANDED: a mapped step that waits for its items.
 * WAITING: a person has to decide.
 * SKIPPED: something it needs failed or was cancelled.
 */
export const stepStatuses = [
  "BLOCKED",
  "READY",
  "LEASED",
  "EXPANDED",
  "WAITING",
  "SUCCEEDED",
  "FAILED",
  "CANCELED",
  "SKIPPED",
] as const;
export type StepStatus = (typeof stepStatuses)[number];

export const stepErrorSchema = z.object({
  class: z.enum(stepErrorClasses),
  code: z.string(),
  message: z.string(),
  portId: z.string().optional(),
  /** RATE only: what the other side asked to wait, milliseconds, a day at most. */
  retryAfterMs: z.number().int().nonnegative().max(86_400_000).optional(),
});

/** Measured, milliseconds. `deviceMs` is what is paid for; loading and waiting are free. */
export const stepTimingSchema = z.object({
  queuedMs: z.number().nonnegative(),
  loadMs: z.number().nonnegative(),
  deviceMs: z.number().nonnegative(),
  durationMs: z.number().nonnegative(),
});
export type StepTiming = z.infer<typeof stepTimingSchema>;

const stepBase = {
  stepId: z.string(),
  nodeIds: z.array(z.string()),
  item: z.number().int().nullable(),
};

/** The durable history of a run: gapless `seq` from 1, exactly one terminal event. Drives SSE and `Last-Event-ID`. */
export const runEventBodySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run.queued") }),
  z.object({ type: z.literal("run.started") }),
  z.object({ type: z.literal("step.started"), ...stepBase, runnerId: z.string() }),
  z.object({ type: z.literal("step.expanded"), ...stepBase, items: z.number().int() }),
  /** `outputs`: what it hands on once somebody approves. */
  z.object({
    type: z.literal("step.waiting"),
    ...stepBase,
    outputs: z.record(z.string(), valueSchema),
  }),
  z.object({
    type: z.literal("step.succeeded"),
    ...stepBase,
    cached: z.boolean(),
    /** The run that first made this result, when it was reused. */
    fromRunId: z.string().nullable(),
    outputs: z.record(z.string(), valueSchema),
    timing: stepTimingSchema,
    costUsd: z.number(),
  }),
  z.object({
    type: z.literal("step.retrying"),
    ...stepBase,
    error: stepErrorSchema,
    availableAt: z.string(),
  }),
  z.object({ type: z.literal("step.failed"), ...stepBase, error: stepErrorSchema }),
  z.object({ type: z.literal("step.skipped"), ...stepBase, reason: z.string() }),
  z.object({ type: z.literal("step.canceled"), ...stepBase }),
  z.object({ type: z.literal("run.paused") }),
  z.object({ type: z.literal("run.resumed") }),
  z.object({ type: z.literal("run.canceling") }),
  z.object({ type: z.literal("run.succeeded"), costUsd: z.number() }),
  z.object({
    type: z.literal("run.failed"),
    costUsd: z.number(),
    error: stepErrorSchema.extend({ nodeId: z.string() }),
  }),
  z.object({ type: z.literal("run.canceled"), costUsd: z.number() }),
  z.object({ type: z.literal("run.expired"), costUsd: z.number() }),
]);
export type RunEventBody = z.infer<typeof runEventBodySchema>;

export const runEventSchema = z.object({
  runId: z.string(),
  seq: z.number().int().positive(),
  /** ISO 8601, the database's clock */
  at: z.string(),
  body: runEventBodySchema,
});
export type RunEvent = z.infer<typeof runEventSchema>;

/** Characters of a preview: progress travels in a notification of Postgres, which holds 8,000 bytes. */
const largestPreview = 4_000;

/** Live only, never stored: how far a leased step is. */
export const progressSchema = z.object({
  runId: z.string(),
  stepId: z.string(),
  nodeIds: z.array(z.string()),
  item: z.number().int().nullable(),
  phase: z.enum(["loading", "computing"]),
  /** done of total units (tiles, sampler steps); total 0: unknown */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** milliseconds left, when it can be told */
  leftMs: z.number().nonnegative().optional(),
  /** how it goes, in a word or two: `loss 0.42` */
  note: z.string().max(80).optional(),
  /** a small picture of what it will be, as a data URL */
  preview: z
    .string()
    .max(largestPreview)
    .regex(/^data:image\/(webp|png);base64,/)
    .optional(),
});
export type Progress = z.infer<typeof progressSchema>;

export function isTerminalRun(status: RunStatus): boolean {
  return (
    status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED" || status === "EXPIRED"
  );
}

export function isTerminalStep(status: StepStatus): boolean {
  return (
    status === "SUCCEEDED" || status === "FAILED" || status === "CANCELED" || status === "SKIPPED"
  );
}
