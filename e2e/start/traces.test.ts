import { createServer, type Server } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentOf } from "../support/documents.ts";
import { freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";

/* A receiver of OTLP over HTTP, and a server that sends it the spans of all of its processes. */

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly service: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const data = temporaryFolder("heddle-traces-");
const spans: Span[] = [];
let receiver: Server;
let heddle: HeddleProcess;

beforeAll(async () => {
  const port = await freePort();
  receiver = createServer((request, response) => {
    void json(request).then((body) => {
      if (request.url === "/v1/traces") keep(body as Export);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(port, "127.0.0.1", resolve));
  heddle = new HeddleProcess({
    dataFolder: data.path,
    port: await freePort(),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
  await heddle.untilHealthy();
});
afterAll(async () => {
  await heddle.stop();
  receiver.close();
  data.dispose();
});

function keep({ resourceSpans }: Export): void {
  for (const { resource, scopeSpans } of resourceSpans) {
    const name = resource.attributes.find(({ key }) => key === "service.name")?.value;
    const service = String(Object(name).stringValue);
    for (const { spans: sent } of scopeSpans)
      for (const span of sent) spans.push({ ...span, service });
  }
}

it("one run gives one trace: from the request over the orchestrator to the runner and back, as a tree", async () => {
  const document = documentOf(
    {
      picture: { type: "text-to-image", params: { prompt: "a red boat", steps: 4, seed: 7 } },
      smaller: { type: "resize", params: { width: 32, height: 32 } },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["picture.image > smaller.image", "smaller.image > result.value"],
  );
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const caller = "00f067aa0ba902b7";
  const response = await fetch(`${heddle.url}/api/v1/runs`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      prefer: "wait=60",
      traceparent: `00-${traceId}-${caller}-01`,
    },
    body: JSON.stringify({ document, input: {} }),
  });
  expect(await response.json()).toMatchObject({ run: { status: "SUCCEEDED" } });
  const own = () => spans.filter((span) => span.traceId === traceId);
  const named = (name: string) => own().filter((span) => span.name === name);
  await expect.poll(() => named("complete step").length, { timeout: 20_000 }).toBe(2);
  await expect.poll(() => named("POST /api/v1/runs").length, { timeout: 20_000 }).toBe(1);

  const byId = new Map(own().map((span) => [span.spanId, span]));
  /** From the outermost to this one. */
  const path = (span: Span | undefined): string[] =>
    span === undefined
      ? []
      : [...path(byId.get(span.parentSpanId ?? "")), `${span.service} ${span.name}`];
  const paths = own().map((span) => path(span).join(" > "));
  const roots = own().filter(({ parentSpanId }) => !byId.has(parentSpanId ?? ""));
  expect(roots.map(({ parentSpanId }) => parentSpanId)).toEqual([caller]);
  const step = (op: string) =>
    `heddle-web POST /api/v1/runs > heddle-orchestrator lease step > heddle-runner step ${op}`;
  for (const wanted of [
    "heddle-web POST /api/v1/runs > heddle-orchestrator advance run",
    `${step("text-to-image")} > heddle-runner compute > heddle-runner load weights`,
    `${step("text-to-image")} > heddle-runner compute > heddle-runner upload`,
    `${step("text-to-image")} > heddle-orchestrator complete step`,
    `${step("resize")} > heddle-runner compute > heddle-runner download`,
    `${step("resize")} > heddle-runner compute > heddle-runner upload`,
    `${step("resize")} > heddle-orchestrator complete step`,
  ])
    expect(
      paths.some((found) => found.endsWith(wanted)),
      `${wanted}\n${paths.join("\n")}`,
    ).toBe(true);
});
