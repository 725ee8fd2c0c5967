import { catalog } from "@heddle/catalog";
import { runEventSchema } from "@heddle/core";
import { advanceRun } from "@heddle/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Live } from "@heddle/infra";
import { eventStreamResponse } from "../http/event-stream.ts";
import { streamRunEvents } from "../runs/stream-run-events.ts";
import { buildDocument, textDocument } from "../testing/build-document.ts";
import { readEvents } from "../testing/read-events.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { runResultSchema } from "../wire/run-result.ts";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
});
afterAll(() => test.close());

async function submit(document = textDocument()): Promise<string> {
  const response = await test.call("POST", "/api/v1/runs", { json: { document } });
  return runResultSchema.parse(await response.json()).run.id;
}

function events(runId: string, lastEventId?: number): Promise<Response> {
  const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  return test.call("GET", `/api/v1/runs/${runId}/events`, { headers });
}

describe("GET /api/v1/runs/{id}/events", () => {
  it("tells what happens as it happens, and ends after the event that ends the run", async () => {
    const runId = await submit();
    const response = await events(runId);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect(response.headers.get("cache-control")).toContain("no-transform");
    const received = readEvents(response);
    await advanceRun(test.api.database, { runId, catalog });
    const all = await received;
    expect(all.map(({ id }) => Number(id))).toEqual(all.map((_, index) => index + 1));
    expect(all[0]?.event).toBe("run.queued");
    expect(all.at(-1)?.event).toBe("run.succeeded");
    for (const { event, data } of all) expect(runEventSchema.parse(data).body.type).toBe(event);
  });

  it("misses and repeats nothing for a client that reconnects with Last-Event-ID after any event", async () => {
    const runId = await submit();
    await advanceRun(test.api.database, { runId, catalog });
    const all = await readEvents(await events(runId));
    expect(all.length).toBeGreaterThan(3);
    for (let last = 0; last < all.length; last += 1) {
      expect(await readEvents(await events(runId, last))).toEqual(all.slice(last));
    }
  });

  it("answers 204 when the client has everything of a run that has ended, so that a browser stops asking", async () => {
    const runId = await submit();
    await advanceRun(test.api.database, { runId, catalog });
    const all = await readEvents(await events(runId));
    expect((await events(runId, all.length)).status).toBe(204);
  });

  it("reads a long history in parts and in order", async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [
        `n${index}`,
        { type: "input-text", params: { name: `t${index}`, value: `${index}` } },
      ]),
    );
    const runId = await submit(buildDocument(nodes));
    await advanceRun(test.api.database, { runId, catalog });
    const all = await readEvents(await events(runId));
    expect(all.map(({ id }) => Number(id))).toEqual(all.map((_, index) => index + 1));
    expect(all.length).toBeGreaterThan(150);
  });

  it("tells progress without an id, and none of other runs", async () => {
    const runId = await submit();
    const other = await submit();
    const received = readEvents(await events(runId), (some) =>
      some.some(({ event }) => event === "progress"),
    );
    const progress = {
      stepId: "s1",
      nodeIds: ["n1"],
      item: null,
      phase: "computing",
      done: 3,
      total: 12,
    };
    await test.api.live.publish("heddle_progress", JSON.stringify({ ...progress, runId: other }));
    await test.api.live.publish("heddle_progress", JSON.stringify({ ...progress, runId }));
    const told = (await received).filter(({ event }) => event === "progress");
    expect(told).toEqual([{ id: null, event: "progress", data: { ...progress, runId } }]);
  });

  it("keeps the connection alive with a comment every 15 seconds", async () => {
    let now = Date.now();
    // Every look at the clock finds it four seconds on.
    const quiet = await startTestApi({ now: () => (now += 4_000) }, { advance: false });
    try {
      const submitted = await quiet.call("POST", "/api/v1/runs", {
        json: { document: textDocument() },
      });
      const { run } = runResultSchema.parse(await submitted.json());
      const response = await quiet.call("GET", `/api/v1/runs/${run.id}/events`);
      const received = readEvents(response, (some) =>
        some.some(({ event }) => event === "comment"),
      );
      expect((await received).at(-1)).toEqual({ id: null, event: "comment", data: "ping" });
    } finally {
      await quiet.close();
    }
  });

  it("lets go of its subscriptions when the client goes", async () => {
    let subscribed = 0;
    const { live } = test.api;
    const counted: Live = {
      ...live,
      subscribe: (...wanted) => {
        subscribed += 1;
        const unsubscribe = live.subscribe(...wanted);
        return () => {
          subscribed -= 1;
          unsubscribe();
        };
      },
    };
    const gone = new AbortController();
    const runId = await submit();
    const frames = streamRunEvents(
      { ...test.api, live: counted },
      { runId, afterSeq: 0, link: () => "", signal: gone.signal },
    );
    const body = eventStreamResponse(frames, () => gone.abort()).body;
    const reader = body?.getReader();
    await reader?.read();
    expect(subscribed).toBe(2);
    await reader?.cancel();
    expect(subscribed).toBe(0);
  });
});
