import {
  createApiKey,
  createRunnerToken,
  createWorkflow,
  localWorkspaceId,
  submitRun,
} from "@heddle/db";
import { compile, type Document } from "@heddle/core";
import { catalog } from "@heddle/catalog";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "../access/caller.ts";
import { ingestFile } from "../files/ingest-file.ts";
import { waitForRun } from "../runs/wait-for-run.ts";
import {
  approvalDocument,
  buildDocument,
  pictureDocument,
  textDocument,
} from "../testing/build-document.ts";
import { samplePicture } from "../testing/sample-files.ts";
import {
  foreignWorkspaceId,
  startTestApi,
  toRequest,
  type TestApi,
} from "../testing/start-test-api.ts";
import { handleTrpc } from "./handle-trpc.ts";
import { appRouter } from "./router.ts";

let test: TestApi;
beforeAll(async () => {
  const document = textDocument("A template");
  test = await startTestApi({ templates: [{ slug: "a-template", document, picture: null }] });
});
afterAll(() => test.close());

function as(caller: Caller) {
  return appRouter.createCaller({ api: test.api, caller, requestId: "req_test" });
}
const owner = () => as({ kind: "owner", workspaceId: localWorkspaceId });
const foreigner = () => as({ kind: "owner", workspaceId: foreignWorkspaceId });

async function stepOf(id: string, stepId: string) {
  const step = (await owner().run.get({ id })).steps.find((one) => one.stepId === stepId);
  if (step === undefined) throw new Error(`There is no step ${stepId}`);
  return step;
}

async function ended(runId: string) {
  const signal = new AbortController().signal;
  return waitForRun(test.api, { workspaceId: localWorkspaceId, runId }, { waitMs: 30_000, signal });
}

describe("workflow", () => {
  it("is made empty, from a template, or from a document; and opens as it was made", async () => {
    expect((await owner().workflow.create({})).document.nodes).toEqual({});
    const fromTemplate = await owner().workflow.create({ template: "a-template" });
    expect(fromTemplate).toMatchObject({
      name: "A template",
      revision: 1,
      latestVersion: null,
      ownerSlug: "local",
    });
    const made = await owner().workflow.create({ document: textDocument("Dropped") });
    expect(await owner().workflow.get({ id: made.id })).toEqual(made);
    await expect(owner().workflow.create({ document: { heddle: 1 } })).rejects.toMatchObject({
      code: "UNPROCESSABLE_CONTENT",
    });
  });

  it("links the files that its document names, and no foreign ones", async () => {
    const { artifact } = await ingestFile(test.api, localWorkspaceId, {
      bytes: await samplePicture("png"),
    });
    const mine = await owner().workflow.create({ document: pictureDocument(artifact) });
    expect(Object.keys(mine.files)).toEqual([artifact.sha256]);
    const theirs = await foreigner().workflow.create({ document: pictureDocument(artifact) });
    expect(theirs.files).toEqual({});
  });

  it("overwrites nothing when somebody saved meanwhile", async () => {
    const { id } = await owner().workflow.create({ document: textDocument("First") });
    expect(
      await owner().workflow.save({ id, baseRevision: 1, document: textDocument("Second") }),
    ).toEqual({ ok: true, revision: 2 });
    const late = await owner().workflow.save({
      id,
      baseRevision: 1,
      document: textDocument("Third"),
    });
    expect(late).toMatchObject({ ok: false, revision: 2, document: { name: "Second" } });
  });

  it("is listed, duplicated, published with its versions, and deleted", async () => {
    const { id } = await owner().workflow.create({ document: textDocument("Life of a workflow") });
    const copy = await owner().workflow.duplicate({ id });
    expect(copy.name).toBe("Life of a workflow (copy)");
    expect(await owner().workflow.publish({ id, note: "first" })).toEqual({
      number: 1,
      slug: "life-of-a-workflow",
      ownerSlug: "local",
      path: "/w/local/life-of-a-workflow",
    });
    expect(await owner().workflow.versions({ id })).toMatchObject([{ number: 1, note: "first" }]);
    const { items } = await owner().workflow.list({ query: "life of" });
    expect(items.map(({ name, latestVersion }) => [name, latestVersion])).toEqual(
      expect.arrayContaining([
        ["Life of a workflow", 1],
        ["Life of a workflow (copy)", null],
      ]),
    );
    await owner().workflow.delete({ id });
    await expect(owner().workflow.get({ id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("run", () => {
  it("is submitted from the editor, counted in its workflow, and shown with links", async () => {
    const { artifact } = await ingestFile(test.api, localWorkspaceId, {
      bytes: await samplePicture("png"),
    });
    const document = pictureDocument(artifact);
    const { id: workflowId } = await owner().workflow.create({ document });
    const submitted = await owner().run.submit({ document, workflowId });
    expect(submitted).toMatchObject({ number: 1, workflowId });
    await ended(submitted.id);
    const run = await owner().run.get({ id: submitted.id });
    expect(run.outputs["result"]).toMatchObject({
      media: "image",
      artifact: { url: expect.stringMatching(/^\/a\/.*\?sig=/) },
    });
    expect((await owner().run.list({ workflowId })).items).toMatchObject([
      { id: submitted.id, status: "SUCCEEDED" },
    ]);
    const { items } = await owner().workflow.list({});
    expect(items.find(({ id }) => id === workflowId)?.thumbnail?.url).toContain(artifact.sha256);
  });

  it("makes one run of several tries with one idempotency key", async () => {
    const tries = { document: textDocument(), idempotencyKey: "click-1" };
    const [first, second] = [await owner().run.submit(tries), await owner().run.submit(tries)];
    expect(second.id).toBe(first.id);
  });

  it("is previewed: what would run, what is there already, and every problem", async () => {
    const { artifact } = await ingestFile(test.api, localWorkspaceId, {
      bytes: await samplePicture("png"),
    });
    const document = buildDocument(
      {
        photo: { type: "input-image", params: { name: "photo", value: artifact } },
        small: { type: "resize", params: { width: 10, height: 10 } },
        out: { type: "output-image", params: { name: "out" } },
      },
      ["photo.image -> small.image", "small.image -> out.value"],
    );
    const preview = await owner().run.preview({ document });
    expect(preview.problems).toEqual([]);
    expect(preview.steps.map(({ type, cached }) => [type, cached])).toContainEqual([
      "resize",
      false,
    ]);
    expect(preview.estimate.deviceMs).toBeGreaterThan(0);
    const broken = await owner().run.preview({
      document: buildDocument({ a: { type: "x" }, b: { type: "y" } }),
    });
    expect(broken).toMatchObject({ problems: [{ nodeId: "a" }, { nodeId: "b" }], steps: [] });
  });

  it("is paused, and then cancelled or let go on", async () => {
    const paused = await startTestApi({}, { advance: false });
    try {
      const calls = appRouter.createCaller({
        api: paused.api,
        caller: { kind: "owner", workspaceId: localWorkspaceId },
        requestId: "",
      });
      const { id } = await calls.run.submit({ document: textDocument() });
      expect((await calls.run.pause({ id })).status).toBe("PAUSED");
      expect((await calls.run.cancel({ id })).status).toBe("CANCELED");
      const { id: other } = await calls.run.submit({ document: textDocument() });
      await calls.run.pause({ id: other });
      expect((await calls.run.resume({ id: other })).status).toBe("SUCCEEDED");
    } finally {
      await paused.close();
    }
  });

  it("waits for a person, who is shown what to decide about, and ends as that person says", async () => {
    const { id } = await owner().run.submit({ document: approvalDocument() });
    await expect.poll(async () => (await stepOf(id, "ask")).status).toBe("WAITING");
    expect((await stepOf(id, "ask")).outputs).toEqual({ value: { media: "text", text: "Hello" } });
    const approved = await owner().run.approve({ id, stepId: "ask", approve: true });
    expect(approved).toMatchObject({ status: "SUCCEEDED", outputs: { result: { text: "Hello" } } });
    await expect(owner().run.approve({ id, stepId: "ask", approve: false })).rejects.toMatchObject({
      code: "CONFLICT",
    });
  });
});

describe("share.get", () => {
  it("shows a published version to anybody: document, form, what it made", async () => {
    const document = textDocument("Shared with all");
    const { id } = await owner().workflow.create({ document });
    const { id: runId } = await owner().run.submit({ document, workflowId: id });
    await ended(runId);
    const { slug } = await owner().workflow.publish({ id });
    const shared = await as({ kind: "anonymous" }).share.get({ owner: "local", name: slug });
    expect(shared).toMatchObject({
      name: "Shared with all",
      version: 1,
      canRun: false,
      inputs: [{ name: "greeting" }],
      outputs: [{ name: "result" }],
      examples: [{ outputs: { result: { media: "text", text: "Hello" } } }],
    });
    expect(shared.document).toEqual(document);
  });
});

describe("template.list", () => {
  it("tells what each takes, gives and costs", async () => {
    expect(await as({ kind: "anonymous" }).template.list()).toEqual([
      expect.objectContaining({
        slug: "a-template",
        name: "A template",
        picture: null,
        takes: [{ media: "text", list: false }],
        gives: [{ media: "text", list: false }],
      }),
    ]);
  });
});

/** Every procedure that takes an id, with the id of a thing of another workspace. */
describe("storage.get", () => {
  it("tells what the files of the caller's own workspace take", async () => {
    const before = await owner().storage.get();
    expect(before.limitBytes).toBeNull();
    const file = { bytes: await samplePicture("png", { width: 7, height: 9 }) };
    const { artifact } = await ingestFile(test.api, localWorkspaceId, file);
    expect(await owner().storage.get()).toEqual({
      files: before.files + 1,
      sizeBytes: before.sizeBytes + artifact.sizeBytes,
      limitBytes: null,
    });
    expect(await foreigner().storage.get()).toEqual({ files: 0, sizeBytes: 0, limitBytes: null });
  });
});

describe("a thing of another workspace", () => {
  const named = Object.entries(appRouter._def.procedures).flatMap(([path, procedure]) => {
    const { inputs }: { inputs: unknown[] } = Reflect.get(procedure, "_def");
    return JSON.stringify(inputs.map(shapeOf)).includes('"id"') ? [path] : [];
  });

  it("is found by no procedure that takes an id", async () => {
    expect(named.toSorted()).toEqual([
      "key.revoke",
      "run.approve",
      "run.cancel",
      "run.get",
      "run.pause",
      "run.resume",
      "runnerToken.revoke",
      "workflow.delete",
      "workflow.duplicate",
      "workflow.get",
      "workflow.publish",
      "workflow.save",
      "workflow.versions",
    ]);
    const own = await foreignThings();
    for (const path of named) {
      const [kind = ""] = path.split(".");
      const step = { stepId: "greeting", approve: true };
      const input = { id: own[kind], baseRevision: 1, document: textDocument(), ...step };
      await expect(callByPath(path, input)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });

  it("cannot be run into: a foreign workflow takes no run of ours", async () => {
    const { workflow } = await foreignThings();
    const input = { document: textDocument(), workflowId: workflow };
    await expect(owner().run.submit(input)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  async function foreignThings(): Promise<Record<string, string>> {
    const { database } = test.api;
    const workspaceId = foreignWorkspaceId;
    const document: Document = textDocument();
    const compiled = compile(document, catalog, { requireInputs: true, randomSeed: () => 1 });
    if (!compiled.ok) throw new Error("the test document must compile");
    const run = await submitRun(database, {
      workspaceId,
      plan: compiled.plan,
      document,
      input: {},
      deadlineSeconds: 60,
    });
    return {
      workflow: (await createWorkflow(database, { workspaceId, name: "Theirs", document })).id,
      run: run.runId,
      key: (await createApiKey(database, { workspaceId, name: "k", scopes: ["read"] })).id,
      runnerToken: (await createRunnerToken(database, { workspaceId, name: "t" })).id,
    };
  }

  async function callByPath(path: string, input: unknown): Promise<unknown> {
    const [group = "", name = ""] = path.split(".");
    const router: Record<string, Record<string, (input: unknown) => Promise<unknown>>> = Object(
      owner(),
    );
    const procedure = router[group]?.[name];
    if (procedure === undefined) throw new Error(`There is no procedure ${path}`);
    return procedure(input);
  }
});

function shapeOf(schema: unknown): string[] {
  return typeof schema === "object" && schema !== null && "shape" in schema
    ? Object.keys(Object(schema.shape))
    : [];
}

describe("over HTTP", () => {
  const url = "/api/trpc/workflow.list";
  const post = { json: { limit: 1 } };

  it("takes queries by POST, and tells expected errors with their problems", async () => {
    const listed = await handleTrpc(test.api, toRequest("POST", url, post));
    expect(listed.status).toBe(200);
    const json = { document: buildDocument({ a: { type: "x" }, b: { type: "y" } }) };
    const refused = await handleTrpc(test.api, toRequest("POST", "/api/trpc/run.submit", { json }));
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      error: {
        data: {
          appCode: "invalid",
          problems: [{ nodeId: "a" }, { nodeId: "b" }],
          requestId: expect.any(String),
        },
      },
    });
  });

  it("says in words what is wrong with the input of a procedure", async () => {
    const response = await handleTrpc(test.api, toRequest("POST", url, { json: { limit: -1 } }));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: {
        message: expect.stringMatching(/^The request is not valid: limit: /),
        data: { appCode: "invalid", problems: [{ path: "limit" }] },
      },
    });
  });

  it("answers 401 to other pages, and takes nothing but JSON", async () => {
    const evil = {
      ...post,
      headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    };
    expect((await handleTrpc(test.api, toRequest("POST", url, evil))).status).toBe(401);
    const form = {
      body: "limit=1",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    expect((await handleTrpc(test.api, toRequest("POST", url, form))).status).toBe(415);
    const deep = { body: "[".repeat(10_000), headers: { "content-type": "application/json" } };
    expect((await handleTrpc(test.api, toRequest("POST", url, deep))).status).toBe(422);
  });

  it("tells nothing of an unexpected error but the request's id", async () => {
    const broken = {
      ...test.api,
      templates: Object.create({
        map: () => {
          throw new Error("secret detail");
        },
      }),
    };
    const response = await handleTrpc(broken, toRequest("GET", "/api/trpc/template.list"));
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain("secret detail");
    expect(text).toContain(response.headers.get("x-request-id"));
  });
});

it("tRPC errors keep their cause, so that the log can tell", async () => {
  const refused = await owner()
    .run.get({ id: "run_x" })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TRPCError);
});
