import { progressSchema, type Progress, type RunEvent } from "@heddle/core";
import { readRunEvents } from "@heddle/db";
import type { Api } from "../api.ts";
import { linkValues, type LinkArtifact, type LinkedValue } from "../wire/value.ts";
import { listenToRun } from "./wake-ups.ts";

export interface StreamRunEventsOptions {
  readonly runId: string;
  /** The last event that the client has; 0: none. */
  readonly afterSeq: number;
  readonly link: LinkArtifact;
  readonly signal: AbortSignal;
}

const pingMs = 15_000;
/** The tables are read at least this often, in case news got lost. */
const recheckMs = 5_000;
/** Rows held for one client at once. */
const rowsAtOnce = 100;

/**
 * The events of a run as server-sent events: durable ones from the table, with their number as `id`, in order and without
 * gaps; progress as it comes, without `id`, the latest of each step only. Ends after the event that ends the run.
 * A frame is made when the client takes it, so a slow client costs no memory.
 */
export async function* streamRunEvents(
  api: Api,
  options: StreamRunEventsOptions,
): AsyncGenerator<string> {
  const { runId, signal } = options;
  const wakeUps = listenToRun(api, runId, signal);
  const progress = followProgress(api, runId, wakeUps.nudge);
  let seq = options.afterSeq;
  let lastReadAt = Number.NEGATIVE_INFINITY;
  let lastSentAt = api.now();
  let news = true;
  try {
    yield "retry: 1000\n\n";
    while (!signal.aborted) {
      if (news || api.now() - lastReadAt >= recheckMs) {
        lastReadAt = api.now();
        const events = await readRunEvents(api.database, {
          runId,
          afterSeq: seq,
          limit: rowsAtOnce,
        });
        for (const event of events) {
          progress.forget(event);
          seq = event.seq;
          yield eventFrame(event, options.link);
          if (isLast(event)) return;
        }
        if (events.length > 0) lastSentAt = api.now();
        if (events.length === rowsAtOnce) continue;
      }
      for (const one of progress.take()) yield frame("progress", one);
      if (api.now() - lastSentAt >= pingMs) {
        lastSentAt = api.now();
        yield ": ping\n\n";
      }
      news = await wakeUps.next(Math.min(recheckMs, Math.max(1, lastSentAt + pingMs - api.now())));
    }
  } finally {
    progress.stop();
    wakeUps.stop();
  }
}

/** The latest progress of each step that is under way; bounded by the number of those. */
function followProgress(api: Api, runId: string, onProgress: () => void) {
  const latest = new Map<string, Progress>();
  const ended = new Set<string>();
  const stop = api.live.subscribe("heddle_progress", (payload) => {
    if (!payload.includes(runId)) return;
    const progress = parseProgress(payload);
    if (progress?.runId !== runId || ended.has(keyOf(progress))) return;
    latest.set(keyOf(progress), progress);
    onProgress();
  });
  return {
    take: () => {
      const taken = [...latest.values()];
      latest.clear();
      return taken;
    },
    /** Progress that arrives late must not follow the end of its step. */
    forget: ({ body }: RunEvent) => {
      if (!("stepId" in body)) return;
      const key = keyOf(body);
      latest.delete(key);
      if (body.type === "step.started") ended.delete(key);
      else ended.add(key);
    },
    stop,
  };
}

function parseProgress(payload: string): Progress | undefined {
  try {
    return progressSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

function keyOf({
  stepId,
  item,
}: {
  readonly stepId: string;
  readonly item: number | null;
}): string {
  return `${stepId} ${item ?? ""}`;
}

function isLast({ body }: RunEvent): boolean {
  return ["run.succeeded", "run.failed", "run.canceled", "run.expired"].includes(body.type);
}

/** A durable event as clients see it: artifacts carry links. */
export type LinkedRunEvent = Omit<RunEvent, "body"> & {
  body:
    | Exclude<RunEvent["body"], { readonly outputs: unknown }>
    | Linked<"step.succeeded">
    | Linked<"step.waiting">;
};
type Linked<Type extends RunEvent["body"]["type"]> = Omit<
  Extract<RunEvent["body"], { readonly type: Type }>,
  "outputs"
> & { outputs: Record<string, LinkedValue> };

export function linkEvent(event: RunEvent, link: LinkArtifact): LinkedRunEvent {
  const { body } = event;
  if (!("outputs" in body)) return { ...event, body };
  return { ...event, body: { ...body, outputs: linkValues(body.outputs, link) } };
}

function eventFrame(event: RunEvent, link: LinkArtifact): string {
  return `id: ${event.seq}\n${frame(event.body.type, linkEvent(event, link))}`;
}

function frame(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
