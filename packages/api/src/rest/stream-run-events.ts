import { isTerminalRun } from "@heddle/core";
import { eventStreamResponse } from "../http/event-stream.ts";
import { findRun } from "../runs/wait-for-run.ts";
import { streamRunEvents } from "../runs/stream-run-events.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import type { ScopedRoute } from "./route.ts";

export const streamRunEventsRoute: ScopedRoute = {
  method: "GET",
  path: "/api/v1/runs/{id}/events",
  access: ["read", "run"],
  operation: {
    id: "streamRunEvents",
    summary: "What happens to a run, as it happens",
    description:
      "Server-sent events. Durable events (`run.*`, `step.*`) have an `id`; reconnect with `Last-Event-ID` and none is missed or repeated. `progress` events have none. The stream ends after `run.succeeded`, `run.failed`, `run.canceled` or `run.expired`; asking for what comes after that gives 204.",
    headers: { "Last-Event-ID": "The id of the last event that was received" },
    query: { after: "The same as `Last-Event-ID`, for clients that cannot set headers" },
    answers: {
      200: { description: "The events", contentType: "text/event-stream" },
      204: { description: "The run has ended and there is nothing more to tell" },
    },
    problems: [404],
  },
  handle: async ({ api, request, url, params, origin }, { workspaceId }) => {
    const run = await findRun(api, { workspaceId, runId: params["id"] ?? "" });
    const afterSeq = readSeq(request.headers.get("last-event-id") ?? url.searchParams.get("after"));
    // 204 tells a browser's EventSource to stop reconnecting.
    if (isTerminalRun(run.status) && afterSeq >= run.eventSeq)
      return new Response(null, { status: 204 });
    const gone = new AbortController();
    const signal = AbortSignal.any([request.signal, gone.signal]);
    const frames = streamRunEvents(api, {
      runId: run.id,
      afterSeq,
      link: linkArtifacts(api, origin),
      signal,
    });
    return eventStreamResponse(frames, () => gone.abort());
  },
};

/** Anything but a number of ours means: from the start. */
function readSeq(text: string | null): number {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
