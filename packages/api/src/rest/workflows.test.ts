import { createWorkflow, localWorkspaceId, registerRunner, saveWorkflow } from "@heddle/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ingestFile } from "../files/ingest-file.ts";
import { buildDocument, pictureDocument, textDocument } from "../testing/build-document.ts";
import { samplePicture } from "../testing/sample-files.ts";
import {
  foreignWorkspaceId,
  startTestApi,
  testOrigin,
  type TestApi,
} from "../testing/start-test-api.ts";
import { workflowResultSchema } from "../workflows/describe-workflow.ts";
import { publishWorkflow } from "../workflows/publish-workflow.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { routes } from "./routes.ts";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

const workspaceId = localWorkspaceId;

async function publish(document = textDocument("Évening greeting!")) {
  const workflow = await createWorkflow(test.api.database, {
    workspaceId,
    name: document.name,
    document,
  });
  return {
    workflow,
    ...(await publishWorkflow(test.api, { workspaceId, workflowId: workflow.id, note: "" })),
  };
}

async function run(path: string, input: unknown, key?: string) {
  const call = {
    json: { input },
    headers: { prefer: "wait=30" },
    ...(key === undefined ? {} : { key }),
  };
  const response = await test.call("POST", `/api/v1/workflows/${path}/runs`, call);
  expect(response.status).toBe(201);
  return runResultSchema.parse(await response.json());
}

describe("publishing", () => {
  it("names the workflow after its document, and a second one of that name differently", async () => {
    const [first, second] = [await publish(), await publish()];
    expect(first.slug).toBe("evening-greeting");
    expect(second.slug).toBe("evening-greeting-2");
    expect([first.number, second.number]).toEqual([1, 1]);
  });

  it("freezes the document: later saves change nothing until the next version, and old versions stay", async () => {
    const { workflow, slug } = await publish(textDocument("Frozen"));
    const changed = buildDocument(
      {
        g: { type: "input-text", params: { name: "greeting", value: "Changed" } },
        r: { type: "output-text", params: { name: "result" } },
      },
      ["g.text -> r.value"],
      "Frozen, renamed",
    );
    await saveWorkflow(test.api.database, {
      workspaceId,
      id: workflow.id,
      baseRevision: workflow.revision,
      document: changed,
    });
    expect((await run(`local/${slug}`, {})).outputs["result"]).toEqual([
      { media: "text", text: "Hello" },
    ]);
    const next = await publishWorkflow(test.api, {
      workspaceId,
      workflowId: workflow.id,
      note: "",
    });
    expect(next).toMatchObject({ number: 2, slug });
    expect((await run(`local/${slug}`, {})).outputs["result"]).toEqual([
      { media: "text", text: "Changed" },
    ]);
    expect((await run(`local/${slug}@1`, {})).outputs["result"]).toEqual([
      { media: "text", text: "Hello" },
    ]);
  });

  it("is refused with every problem when the document does not compile", async () => {
    const document = buildDocument({ a: { type: "nothing" }, b: { type: "nowhere" } });
    const refused = publish(document);
    await expect(refused).rejects.toMatchObject({
      code: "invalid",
      problems: [{ nodeId: "a" }, { nodeId: "b" }],
    });
  });
});

describe("POST /api/v1/workflows/{owner}/{name}/runs", () => {
  it("runs for another workspace with its own key, with the publisher's files and without the publisher's runs", async () => {
    const { artifact } = await ingestFile(test.api, workspaceId, {
      bytes: await samplePicture("png"),
    });
    const { slug, workflow } = await publish(pictureDocument(artifact, "Shared picture"));
    const key = await test.createKey(foreignWorkspaceId, ["run"]);
    const result = await run(`local/${slug}`, {}, key);
    expect(result.outputs["result"]).toMatchObject([{ sha256: artifact.sha256 }]);
    expect(result.run.number).toBeNull();
    const mine = await run(`local/${slug}`, {});
    expect(mine.run.number).toBe(1);
    expect((await test.call("GET", `/api/v1/runs/${result.run.id}`)).status).toBe(404);
    expect(workflow.id).toMatch(/^wf_/);
  });

  it("answers 404 for a workflow or version that is not published", async () => {
    const { slug } = await publish(textDocument("Found"));
    for (const path of [
      "local/nothing",
      "nobody/found",
      `local/${slug}@2`,
      `local/${slug}@0`,
      `local/${slug}@x`,
    ]) {
      expect(
        (await test.call("POST", `/api/v1/workflows/${path}/runs`, { json: { input: {} } })).status,
      ).toBe(404);
    }
  });

  it("names inputs that do not exist, are wrong, or are missing", async () => {
    const { slug } = await publish(pictureDocument(null, "Needs a picture"));
    const response = await test.call("POST", `/api/v1/workflows/local/${slug}/runs`, {
      json: { input: { size: 1 } },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      errors: expect.arrayContaining([
        expect.objectContaining({ path: "input.size", code: "input_unknown" }),
        expect.objectContaining({ path: "input.photo", code: "input_missing" }),
      ]),
    });
  });

  it("asks for no input that nothing on the way to an output needs", async () => {
    const document = textDocument("Loose end");
    const loose = {
      type: "input-image",
      position: { x: 0, y: 800 },
      params: { name: "unused" },
      mode: "active" as const,
      ports: [],
    };
    const { slug } = await publish({ ...document, nodes: { ...document.nodes, loose } });
    expect((await run(`local/${slug}`, {})).run.status).toBe("SUCCEEDED");
  });
});

describe("GET /api/v1/workflows/{owner}/{name}", () => {
  it("describes what it takes, what it gives and what it made, to anybody", async () => {
    const { slug } = await publish(textDocument("Described"));
    await run(`local/${slug}`, { greeting: "Good night" });
    const response = await test.call("GET", `/api/v1/workflows/local/${slug}`, {
      headers: { host: "elsewhere.example" },
    });
    const workflow = workflowResultSchema.parse(await response.json());
    expect(workflow).toMatchObject({
      owner: "local",
      name: slug,
      version: 1,
      inputs: [{ name: "greeting", type: "text", required: false, schema: { type: "string" } }],
      outputs: [{ name: "result", type: "text" }],
      examples: [{ outputs: { result: [{ media: "text", text: "Good night" }] } }],
      urls: { page: `${testOrigin}/w/local/${slug}` },
    });
  });

  it("shows no result of somebody else's run, nor of a later draft", async () => {
    const { slug, workflow } = await publish(textDocument("Private"));
    await run(`local/${slug}`, { greeting: "secret" }, await test.createKey(foreignWorkspaceId));
    await test.call("POST", "/api/v1/runs", {
      json: { document: workflow.document },
      headers: { prefer: "wait=30" },
    });
    const response = await test.call("GET", `/api/v1/workflows/local/${slug}`);
    expect(workflowResultSchema.parse(await response.json()).examples).toEqual([]);
  });
});

const openApiSchema = z.object({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

function danglingReferences(openapi: z.infer<typeof openApiSchema>): string[] {
  const references = JSON.stringify(openapi).matchAll(/"\$ref":"([^"]+)"/g);
  const known = new Set(
    Object.keys(openapi.components.schemas).map((name) => `#/components/schemas/${name}`),
  );
  return [...references].flatMap(([, reference = ""]) => (known.has(reference) ? [] : [reference]));
}

describe("OpenAPI", () => {
  it("describes every route of the table, with no reference into nothing", async () => {
    const response = await test.call("GET", "/api/v1/openapi.json", {
      headers: { host: "elsewhere.example" },
    });
    const openapi = openApiSchema.parse(await response.json());
    const described = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect(danglingReferences(openapi)).toEqual([]);
    expect(openapi.components.schemas["Run"]).toMatchObject({
      properties: {
        outputs: { type: "object" },
        cost: { properties: { usd: { type: "number" } } },
      },
    });
    const empty = Object.values(openapi.components.schemas).filter(
      (schema) => "$ref" in Object(schema),
    );
    expect(empty).toEqual([]);
    expect(Object.keys(openapi.components.schemas)).toEqual(
      expect.arrayContaining(["Run", "Problem", "OutputItem"]),
    );
  });

  it("of one workflow has its typed input, its outputs and an example that runs", async () => {
    const { slug } = await publish(textDocument("Typed"));
    await run(`local/${slug}`, { greeting: "Example" });
    const response = await test.call("GET", `/api/v1/workflows/local/${slug}@1/openapi.json`);
    const openapi = openApiSchema.parse(await response.json());
    expect(danglingReferences(openapi)).toEqual([]);
    const call = openapi.paths[`/api/v1/workflows/local/${slug}@1/runs`]?.["post"];
    expect(call).toMatchObject({
      requestBody: {
        content: {
          "application/json": {
            schema: {
              properties: {
                input: {
                  properties: { greeting: { type: "string" } },
                  additionalProperties: false,
                },
              },
            },
            example: { input: { greeting: "Hello" } },
          },
        },
      },
      responses: {
        201: {
          content: {
            "application/json": {
              schema: {
                allOf: [
                  { $ref: "#/components/schemas/Run" },
                  { properties: { outputs: { properties: { result: { type: "array" } } } } },
                ],
              },
              example: { outputs: { result: [{ media: "text", text: "Example" }] } },
            },
          },
        },
      },
    });
    const example = z.object({
      requestBody: z.object({
        content: z.object({
          "application/json": z.object({ example: z.object({ input: z.unknown() }) }),
        }),
      }),
    });
    const { input } = example.parse(call).requestBody.content["application/json"].example;
    await run(`local/${slug}`, input);
  });
});

describe("GET /metrics", () => {
  it("gives those who may read what was answered, by route, and nobody else anything", async () => {
    const labels = 'app="web",method="GET",route="/api/v1/runs/{id}",status="404"';
    const count = async () => {
      const text = await (await test.call("GET", "/metrics")).text();
      const start = `heddle_http_request_seconds_count{${labels}} `;
      const line = text.split("\n").find((each) => each.startsWith(start));
      return Number(line?.slice(start.length) ?? 0);
    };
    const before = await count();
    await test.call("GET", "/api/v1/runs/run_one");
    await test.call("GET", "/api/v1/runs/run_other");
    expect(await count()).toBe(before + 2);
    const key = await test.createKey("ws_local", ["run"]);
    expect((await test.call("GET", "/metrics", { key })).status).toBe(403);
  });
});

describe("GET /api/health", () => {
  it("is 503 with what is missing until a runner is there, then 200", async () => {
    const before = await test.call("GET", "/api/health", {
      headers: { host: "elsewhere.example" },
    });
    expect(before.status).toBe(503);
    expect(await before.json()).toEqual({
      status: "unavailable",
      version: "0.0.0-test",
      database: "ok",
      queue: "ok",
      blobs: "ok",
      runners: [],
    });
    const id = await registerRunner(test.api.database, {
      name: "cpu-0",
      device: { kind: "cpu", label: "CPU, 2 cores", memoryBytes: 1 },
      ops: ["resize"],
      slots: 1,
    });
    const after = await test.call("GET", "/api/health");
    expect(after.status).toBe(200);
    expect(await after.json()).toMatchObject({
      status: "ok",
      runners: [{ id, device: "CPU, 2 cores", state: "idle" }],
    });
  });

  it("says which part failed, and not why", async () => {
    const blobs = {
      ...test.api.blobs,
      check: () => Promise.reject(new Error("disk at /secret/path is full")),
    };
    const broken = await startTestApi({ blobs }, { advance: false });
    try {
      const response = await broken.call("GET", "/api/health");
      expect(response.status).toBe(503);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ blobs: "failed", database: "ok" });
      expect(text).not.toContain("secret");
    } finally {
      await broken.close();
    }
  });
});
