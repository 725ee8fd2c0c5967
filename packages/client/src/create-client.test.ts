import { describe, expect, it } from "vitest";
import { createClient } from "./create-client.ts";
import { HeddleError } from "./heddle-error.ts";

const server = "http://heddle.test";
const run = {
  run: {
    id: "run_1",
    status: "QUEUED",
    createdAt: "2026-01-01T00:00:00Z",
    startedAt: null,
    finishedAt: null,
  },
  outputs: {},
  steps: [],
  cost: { usd: 0, deviceMs: 0 },
  error: null,
};

/** A client whose requests are answered by these functions, one after the other; and what it sent. */
function clientOf(...answers: (() => Response)[]) {
  const sent: { url: string; init: RequestInit; headers: Headers }[] = [];
  const client = createClient({
    server: `${server}/`,
    key: "hdl_live_x",
    fetch: async (input, init = {}) => {
      sent.push({ url: new Request(input).url, init, headers: new Headers(init.headers) });
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError("fetch failed");
      return answer();
    },
  });
  return { client, sent };
}

const ok = () => Response.json(run);
const away = () => new Response(null, { status: 503, headers: { "retry-after": "0" } });

function frames(...events: [id: number | null, type: string][]): () => Response {
  const text = events.map(([id, type]) => {
    if (id === null) return `event: progress\ndata: ${JSON.stringify(progress)}\n\n`;
    return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify({ seq: id, at: "", body: { type } })}\n\n`;
  });
  // Cut where it hurts: the client must put the pieces together again.
  const bytes = new TextEncoder().encode(`: ping\n\n${text.join("")}`);
  const body = new ReadableStream({
    start: (controller) => {
      for (let start = 0; start < bytes.length; start += 7)
        controller.enqueue(bytes.subarray(start, start + 7));
      controller.close();
    },
  });
  return () => new Response(body);
}
const progress = { stepId: "s", nodeIds: ["n"], item: null, phase: "computing", done: 1, total: 2 };

describe("createClient", () => {
  it("sends a run with the key, the wait, and an idempotency key of its own or the caller's", async () => {
    const { client, sent } = clientOf(ok, ok);
    await client.runWorkflow("local/portrait@3", { input: { size: 2 }, waitSeconds: 30 });
    await client.runDocument({ heddle: 1 }, { idempotencyKey: "mine" });
    expect(sent[0]?.url).toBe(`${server}/api/v1/workflows/local/portrait@3/runs`);
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer hdl_live_x");
    expect(sent[0]?.headers.get("prefer")).toBe("wait=30");
    expect(sent[0]?.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent[1]?.headers.get("idempotency-key")).toBe("mine");
  });

  it("tries a run again with the same idempotency key while the server is away", async () => {
    const { client, sent } = clientOf(away, ok);
    expect((await client.runDocument({})).run.id).toBe("run_1");
    expect(sent[1]?.headers.get("idempotency-key")).toBe(sent[0]?.headers.get("idempotency-key"));
  });

  it("does not try again what may not be sent twice", async () => {
    const { client, sent } = clientOf(away, ok);
    await expect(client.createKey({ name: "k" })).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
  });

  it("throws the server's words, with every problem", async () => {
    const errors = [{ path: "input.photo", message: "is missing" }];
    const problem = {
      status: 422,
      code: "invalid",
      detail: "Not valid",
      requestId: "req_1",
      errors,
    };
    const { client } = clientOf(() => Response.json(problem, { status: 422 }));
    const error = await client.runDocument({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HeddleError);
    expect(error).toMatchObject({
      message: "Not valid",
      status: 422,
      code: "invalid",
      requestId: "req_1",
      problems: errors,
    });
  });

  it("sends the key to its own server only", async () => {
    const { client, sent } = clientOf(ok, ok);
    await client.download("https://elsewhere.example/a.png");
    await client.download(`${server}/a/00?sig=x`);
    expect(sent.map(({ headers }) => headers.has("authorization"))).toEqual([false, true]);
  });
});

describe("followRun", () => {
  it("goes on after a broken connection from the last event, and ends with the run", async () => {
    const { client, sent } = clientOf(
      frames([1, "run.queued"], [null, "progress"], [2, "run.started"]),
      frames([3, "run.succeeded"]),
    );
    const news = [];
    for await (const one of client.followRun("run_1"))
      news.push(one.kind === "event" ? one.event.seq : one.progress);
    expect(news).toEqual([1, progress, 2, 3]);
    expect(sent.map(({ headers }) => headers.get("last-event-id"))).toEqual(["0", "2"]);
  });

  it("ends at once when there is nothing more to tell", async () => {
    const { client } = clientOf(() => new Response(null, { status: 204 }));
    for await (const news of client.followRun("run_1")) throw new Error(`told ${news.kind}`);
  });

  it("gives up on what the server refuses", async () => {
    const { client } = clientOf(() =>
      Response.json({ status: 404, code: "not_found", detail: "No" }, { status: 404 }),
    );
    await expect(client.followRun("run_1").next()).rejects.toMatchObject({ code: "not_found" });
  });
});
