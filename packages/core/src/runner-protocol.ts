import { z } from "zod";
import { jsonSchema } from "./json.ts";
import { sha256Schema, valueSchema } from "./media.ts";
import { progressSchema, stepErrorSchema } from "./run.ts";

/**
 * The protocol between a runner and the orchestrator: JSON over HTTP, pull with context.
 * Every write is fenced by the lease epoch; outputs are content-addressed, so a duplicate completion is harmless.
 */
export const runnerProtocolVersion = 1;

export const registerRequestSchema = z.object({
  protocol: z.literal(runnerProtocolVersion),
  /** Stable name of the runner on its host: `cpu-0`. */
  name: z.string().min(1).max(120),
  device: z.object({ kind: z.enum(["cpu", "cuda"]), label: z.string(), memoryBytes: z.number() }),
  ops: z.array(z.string()),
  /** Tasks it runs at once. */
  slots: z.number().int().min(1).max(1024),
});
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

export const registerResponseSchema = z.object({
  runnerId: z.string(),
  leaseMs: z.number(),
  heartbeatMs: z.number(),
});
export type RegisterResponse = z.infer<typeof registerResponseSchema>;

/** What a runner holds, so that the dispatcher can send work to where the weights are. */
export const residentSchema = z.object({
  modelId: z.string(),
  sha256: sha256Schema,
  sizeBytes: z.number(),
  tier: z.enum(["disk", "ram", "session"]),
});
export type Resident = z.infer<typeof residentSchema>;

/** Weights that a runner has read into RAM, or made a session of; `ms` is what that took. */
export const weightsLoadSchema = residentSchema.extend({
  tier: z.enum(["ram", "session"]),
  ms: z.number().nonnegative(),
});
export type WeightsLoad = z.infer<typeof weightsLoadSchema>;

export const leaseRequestSchema = z.object({
  runnerId: z.string(),
  /** Tasks wanted now. */
  freeSlots: z.number().int().min(0).max(1024),
  resident: z.array(residentSchema).default([]),
  /** Long poll: the answer waits at most this long for work. Milliseconds, 0–30 000. */
  waitMs: z.number().int().min(0).max(30_000),
});
export type LeaseRequest = z.infer<typeof leaseRequestSchema>;

export const taskSchema = z.object({
  /** Database id of the step row. */
  taskId: z.string(),
  epoch: z.number().int().positive(),
  runId: z.string(),
  workspaceId: z.string(),
  stepId: z.string(),
  nodeIds: z.array(z.string()),
  item: z.number().int().nullable(),
  op: z.string(),
  /** Version of the node type. */
  version: z.number().int(),
  model: z.object({ id: z.string(), sha256: sha256Schema, sizeBytes: z.number() }).optional(),
  params: z.record(z.string(), jsonSchema),
  inputs: z.record(z.string(), valueSchema),
  cacheKey: sha256Schema,
  /** ISO 8601 */
  deadlineAt: z.string().nullable(),
  /** W3C trace context of the lease: the runner's spans are a part of it, and it sends theirs with its calls. */
  traceparent: z.string().max(200).optional(),
});
export type Task = z.infer<typeof taskSchema>;

export const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("cancel"), taskId: z.string(), epoch: z.number().int() }),
  z.object({ type: z.literal("drain") }),
  /** These weights will be wanted: load them if there is room beside what is held. */
  z.object({ type: z.literal("prefetch"), sha256: sha256Schema }),
]);
export type Command = z.infer<typeof commandSchema>;

export const leaseResponseSchema = z.object({
  tasks: z.array(taskSchema),
  commands: z.array(commandSchema),
});
export type LeaseResponse = z.infer<typeof leaseResponseSchema>;

/** Heartbeat and progress in one call, every `heartbeatMs` and whenever there is news. */
export const eventsRequestSchema = z.object({
  runnerId: z.string(),
  running: z.array(z.object({ taskId: z.string(), epoch: z.number().int() })),
  progress: z
    .array(progressSchema.extend({ taskId: z.string(), epoch: z.number().int() }))
    .default([]),
  /** What it holds now; absent: as before. */
  resident: z.array(residentSchema).optional(),
  /** Since the last call. */
  loads: z.array(weightsLoadSchema).default([]),
  /** The last call of a runner that stops in good order. */
  leaving: z.boolean().default(false),
});
export type EventsRequest = z.infer<typeof eventsRequestSchema>;

/** `lost`: leases that this runner no longer holds; it must abort those tasks. */
export const eventsResponseSchema = z.object({
  lost: z.array(z.string()),
  commands: z.array(commandSchema),
});
export type EventsResponse = z.infer<typeof eventsResponseSchema>;

export const taskResultSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("succeeded"),
    outputs: z.record(z.string(), valueSchema),
    loadMs: z.number().nonnegative(),
    deviceMs: z.number().nonnegative(),
  }),
  z.object({ status: z.literal("failed"), error: stepErrorSchema }),
  z.object({ status: z.literal("canceled") }),
]);
export type TaskResult = z.infer<typeof taskResultSchema>;

/** A completion may carry a lease request, so that the next task comes back in the same round trip. */
export const completeRequestSchema = z.object({
  runnerId: z.string(),
  runId: z.string(),
  taskId: z.string(),
  epoch: z.number().int(),
  result: taskResultSchema,
  lease: leaseRequestSchema.omit({ runnerId: true }).optional(),
});
export type CompleteRequest = z.infer<typeof completeRequestSchema>;

/** `accepted: false`: the lease was lost, the result was thrown away. */
export const completeResponseSchema = leaseResponseSchema.extend({ accepted: z.boolean() });
export type CompleteResponse = z.infer<typeof completeResponseSchema>;
