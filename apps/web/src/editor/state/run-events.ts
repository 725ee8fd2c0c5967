import type { LinkedRunEvent } from "@heddle/api";
import {
  artifactRefSchema,
  mediaTypes,
  type Progress,
  progressSchema,
  runEventBodySchema,
  runEventSchema,
} from "@heddle/core";
import { z } from "zod";

const artifact = artifactRefSchema.extend({ url: z.string() });
const scalar = z.union([
  z.object({ media: z.literal("text"), text: z.string() }),
  z.object({ media: z.literal("number"), number: z.number() }),
  z.object({ media: z.enum(["image", "video", "lora"]), artifact }),
]);
const linkedValue = z.union([
  scalar,
  z.object({ media: z.literal("list"), of: z.enum(mediaTypes), items: z.array(scalar) }),
]);
/** The same event with the links of its outputs, which core's schema does not know. */
const linkedOutputs = z.object({ body: z.object({ outputs: z.record(z.string(), linkedValue) }) });

/** Every durable event has its type as the name of the server-sent event. */
const eventTypes = runEventBodySchema.options.map((option) => option.shape.type.value);

export interface FollowRunOptions {
  readonly runId: string;
  /** Events after this one. */
  readonly afterSeq: number;
  readonly onEvent: (event: LinkedRunEvent) => void;
  readonly onProgress: (progress: Progress) => void;
  /** The server answered with an error and the browser gave up; the caller decides when to follow again. */
  readonly onLost: () => void;
}

/** Follows a run until `stop`. The browser reconnects by itself while the server is away. */
export function followRun(options: FollowRunOptions): () => void {
  const source = new EventSource(
    `/api/v1/runs/${encodeURIComponent(options.runId)}/events?after=${options.afterSeq}`,
  );
  for (const type of eventTypes) {
    source.addEventListener(type, (message: MessageEvent<unknown>) => {
      const event = readRunEvent(message.data);
      if (event !== null) options.onEvent(event);
    });
  }
  source.addEventListener("progress", (message: MessageEvent<unknown>) => {
    const progress = progressSchema.safeParse(readJson(message.data)).data;
    if (progress !== undefined) options.onProgress(progress);
  });
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) options.onLost();
  });
  return () => source.close();
}

/** One event as the stream carries it; null: not one that this version knows. */
export function readRunEvent(data: unknown): LinkedRunEvent | null {
  const json = readJson(data);
  const event = runEventSchema.safeParse(json).data;
  if (event === undefined) return null;
  const { body } = event;
  if (!("outputs" in body)) return { ...event, body };
  const linked = linkedOutputs.safeParse(json).data;
  return linked === undefined
    ? null
    : { ...event, body: { ...body, outputs: linked.body.outputs } };
}

function readJson(data: unknown): unknown {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
