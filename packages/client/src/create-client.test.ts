import { describe, expect, it } from "vitest";
import { createClient } from "./create-client.ts";
import { HeddleError } from "./heddle-error.ts";

const run = {
  run: { id: "run_1", status: "SUCCEEDED", createdAt: "", startedAt: null, finishedAt: null },
  outputs: {},
  steps: [],
  cost: { usd: 0, deviceMs: 0 },
  error: null,
};

interface Seen {
  readonly url: string;
  readonly headers: Headers;
}

/** A client whose server gives these answers, one after the other. */
function clientOf(...answers: (Response | Error)[]): {
  client: ReturnType<typeof createClient>;
  seen: Seen[];
} {
  const seen: Seen[] = [];
  const client = createClient({
    server: "http://heddle.test/",
    key: "hdl_live_x",
    fetch: async (url, init) => {
      seen.push({
        url: url instanceof Request ? url.url : url.toString(),
        headers: new Headers(init?.headers),
      });
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error)
        throw answer ?? new Error("no more answers");
      return answer;
    },
  });
  return { client, seen };
}

describe("the client", () => {
  it("sends its key to the server, and to nobody else", async () => {
    const { client, seen } = clientOf(Response.json(run), new Response("bytes"));
    await client.getRun("run_1");
    await client.download("http://elsewhere.test/a.png");
    expect(seen.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer hdl_live_x",
      null,
    ]);
  });

  it("starts a run again with the same idempotency key when no answer came", async () => {
    const { client, seen } = clientOf(
      new TypeError("socket hang up"),
      Response.json(run, { status: 202 }),
    );
    await client.runDocument({});
    const keys = seen.map(({ headers }) => headers.get("idempotency-key"));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toBeTruthy();
  });

  it("does not send again what has no idempotency key", async () => {
    const { client, seen } = clientOf(new TypeError("socket hang up"));
    await expect(client.createKey({ name: "x" })).rejects.toMatchObject({ code: "unreachable" });
    expect(seen).toHaveLength(1);
  });

  it("makes an error with every problem of problem JSON", async () => {
    const problem = {
      status: 422,
      code: "invalid",
      detail: "The request is not valid",
      requestId: "req_1",
      errors: [{ path: "input.image", message: "must be an image" }],
    };
    const { client } = clientOf(Response.json(problem, { status: 422 }));
    const error: unknown = await client.runDocument({}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HeddleError);
    expect(error).toMatchObject({
      status: 422,
      code: "invalid",
      requestId: "req_1",
      problems: problem.errors,
    });
  });

  it("gives the news of a run over broken connections, none twice, until its end", async () => {
    const event = (seq: number, type: string) =>
      `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, at: "", body: { type } })}\n\n`;
    const { client, seen } = clientOf(
      new Response(event(1, "run.queued") + event(2, "run.started")),
      new TypeError("socket hang up"),
      new Response(event(3, "run.succeeded")),
    );
    const types: string[] = [];
    for await (const news of client.followRun("run_1")) {
      if (news.kind === "event") types.push(news.event.body.type);
    }
    expect(types).toEqual(["run.queued", "run.started", "run.succeeded"]);
    expect(seen.map(({ headers }) => headers.get("last-event-id"))).toEqual(["0", "2", "2"]);
  });

  it("addresses a version of a workflow", async () => {
    const { client, seen } = clientOf(Response.json(run));
    await client.runWorkflow("local/my-flow@3");
    expect(seen[0]?.url).toBe("http://heddle.test/api/v1/workflows/local/my-flow@3/runs");
  });
});
