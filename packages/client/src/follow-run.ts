import { HeddleError } from "./heddle-error.ts";
import { readEventStream } from "./read-event-stream.ts";
import type { Requester } from "./request.ts";
import { eventSchema, progressSchema, type RunEvent, type RunProgress } from "./schemas.ts";

/** What is told of a run: something that happened, or how far a step is. */
export type RunNews =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "progress"; readonly progress: RunProgress };

interface FollowOptions {
  readonly request: Requester;
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

const ends = new Set(["run.succeeded", "run.failed", "run.canceled", "run.expired"]);
const reconnectMs = 500;
/** Connections in a row that end without telling anything new. */
const barrenConnections = 60;

/** The news of a run until it has ended, over as many connections as that takes. */
export async function* followRun(options: FollowOptions): AsyncGenerator<RunNews> {
  let seq = 0;
  for (let barren = 0; barren < barrenConnections; barren += 1) {
    try {
      const response = await connect(options, seq);
      // 204: the run has ended, and there is nothing more to tell.
      if (response.body === null) return;
      for await (const news of readNews(response.body)) {
        yield news;
        if (news.kind !== "event") continue;
        seq = news.event.seq;
        barren = 0;
        if (ends.has(news.event.body.type)) return;
      }
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      // What the server refuses, it will refuse again; anything else is a connection that broke.
      if (error instanceof HeddleError && error.status >= 400 && error.status < 500) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, reconnectMs));
  }
  throw new HeddleError("the connection breaks again and again", {
    status: 0,
    code: "unreachable",
  });
}

async function connect({ request, path, signal }: FollowOptions, after: number): Promise<Response> {
  const headers = { accept: "text/event-stream", "last-event-id": String(after) };
  return await request.raw(path, { headers, signal });
}

async function* readNews(body: ReadableStream<Uint8Array>): AsyncGenerator<RunNews> {
  for await (const { event, data } of readEventStream(body)) {
    const json: unknown = JSON.parse(data);
    if (event === "progress") yield { kind: "progress", progress: progressSchema.parse(json) };
    else yield { kind: "event", event: eventSchema.parse(json) };
  }
}
