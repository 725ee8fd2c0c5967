import {
  createApiKey,
  createUpload,
  createRunnerToken,
  createWorkflow,
  localWorkspaceId,
  revokeApiKey,
} from "@heddle/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestFile } from "../files/ingest-file.ts";
import { textDocument } from "../testing/build-document.ts";
import { samplePicture } from "../testing/sample-files.ts";
import {
  foreignWorkspaceId,
  startTestApi,
  testOrigin,
  type TestApi,
} from "../testing/start-test-api.ts";
import { publishWorkflow } from "../workflows/publish-workflow.ts";
import { createdApiKeySchema } from "../wire/api-key.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { routes } from "./routes.ts";

let test: TestApi;
/** Things of the local owner, by the path parameters that name them. */
let own: Record<string, Record<string, string>>;
let foreignKey: string;

beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
  foreignKey = await test.createKey(foreignWorkspaceId);
  const { database } = test.api;
  const document = textDocument("Mine");
  const workflow = await createWorkflow(database, {
    workspaceId: localWorkspaceId,
    name: "Mine",
    document,
  });
  const { slug } = await publishWorkflow(test.api, {
    workspaceId: localWorkspaceId,
    workflowId: workflow.id,
    note: "",
  });
  const submitted = await test.call("POST", "/api/v1/runs", { json: { document } });
  const file = { fileName: "a.png", contentType: "image/png", sizeBytes: 3 };
  const { artifact } = await ingestFile(test.api, localWorkspaceId, {
    bytes: await samplePicture("png"),
  });
  own = {
    runs: { id: runResultSchema.parse(await submitted.json()).run.id, step: "greeting" },
    uploads: { id: await createUpload(database, { workspaceId: localWorkspaceId, ...file }) },
    keys: {
      id: (
        await createApiKey(database, { workspaceId: localWorkspaceId, name: "k", scopes: ["read"] })
      ).id,
    },
    "runner-tokens": {
      id: (await createRunnerToken(database, { workspaceId: localWorkspaceId, name: "r" })).id,
    },
    workflows: { owner: "local", name: slug },
    a: { sha256: artifact.sha256 },
  };
});
afterAll(() => test.close());

/** The path with the owner's own things in it; null when it names none. */
function fill(path: string): string | null {
  if (!path.includes("{")) return null;
  const kind = path.split("/").find((part) => part in own) ?? "";
  return path.replace(/\{(\w+)\}/g, (_, name: string) => own[kind]?.[name] ?? "missing");
}

const naming = routes.filter(({ path }) => path.includes("{"));
const scoped = routes.filter(({ access }) => access !== "public");
const title = ({ method, path }: (typeof routes)[number]) =>
  [`${method} ${path}`, method, path] as const;

describe("every route that names something", () => {
  it.each(naming.map(title))(
    "%s tells another workspace 404, or only what is published",
    async (_, method, path) => {
      const filled = fill(path) ?? "";
      expect(filled).not.toContain("missing");
      const json = method === "POST" ? { json: { input: {} } } : {};
      const response = await test.call(method, filled, { key: foreignKey, ...json });
      if (path.startsWith("/api/v1/workflows/")) expect(response.status).toBeLessThan(300);
      else expect(response.status).toBe(404);
    },
  );

  it("answers 404 for a thing of another workspace exactly as for one that does not exist", async () => {
    for (const kind of ["runs", "uploads"]) {
      const id = own[kind]?.["id"] ?? "";
      const foreign = await test.call("GET", `/api/v1/${kind}/${id}`, { key: foreignKey });
      const nothing = await test.call("GET", `/api/v1/${kind}/${id.replace(/.$/, "!")}`, {
        key: foreignKey,
      });
      const strip = async (response: Response) => ({
        ...problemDocumentSchema.parse(await response.json()),
        requestId: "",
        detail: "",
      });
      expect(await strip(foreign)).toEqual(await strip(nothing));
    }
  });
});

const strangers: [string, Record<string, string>][] = [
  ["another site's page", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["a page on another port", { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:8000" }],
  [
    "a name that was made to resolve to this machine",
    { host: "evil.example:34200", "sec-fetch-site": "same-origin" },
  ],
  ["a visitor through a proxy", { "x-forwarded-for": "203.0.113.9" }],
];

describe("every route that is not public", () => {
  it.each(scoped.map(title))(
    "%s needs a key from everybody but this machine's own pages",
    async (_, method, path) => {
      for (const [, headers] of strangers) {
        const response = await test.call(method, fill(path) ?? path, { headers });
        expect(response.status).toBe(401);
        expect(await response.json()).toMatchObject({ code: "unauthenticated" });
      }
    },
  );

  it.each(scoped.map(title))("%s refuses a key without its scope", async (_, method, path) => {
    const access =
      routes.find((route) => route.method === method && route.path === path)?.access ?? "public";
    for (const scope of ["run", "read", "manage"] as const) {
      const allowed = access === "public" || access.includes(scope);
      const key = await test.createKey(foreignWorkspaceId, [scope]);
      const response = await test.call(method, fill(path) ?? path, { key });
      expect(response.status === 403).toBe(!allowed);
    }
  });

  it("changes nothing for a stranger: the owner's run goes on and the key works on", async () => {
    expect((await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`)).status).toBe(200);
    const keys = await (await test.call("GET", "/api/v1/keys")).text();
    expect(keys).toContain(own["keys"]?.["id"]);
  });
});

describe("API keys", () => {
  it("are refused with 401 when they are malformed, unknown or revoked, also from this machine", async () => {
    const { database } = test.api;
    const revoked = await createApiKey(database, {
      workspaceId: foreignWorkspaceId,
      name: "r",
      scopes: ["read"],
    });
    await revokeApiKey(database, { workspaceId: foreignWorkspaceId, id: revoked.id });
    const unknown = await startTestApi({}, { advance: false });
    try {
      const other = await unknown.createKey(localWorkspaceId);
      const headers = [
        "Bearer x",
        `Bearer ${revoked.key}`,
        `Bearer ${other}`,
        "Basic abc",
        "",
        `Bearer ${foreignKey}x`,
      ];
      for (const authorization of headers) {
        const response = await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`, {
          headers: { authorization },
        });
        expect(response.status).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
    } finally {
      await unknown.close();
    }
  });

  it("can be made, listed without their secret, and revoked over REST", async () => {
    const made = await test.call("POST", "/api/v1/keys", {
      json: { name: "CI", scopes: ["read"] },
    });
    expect(made.status).toBe(201);
    const { id, key } = createdApiKeySchema.parse(await made.json());
    expect((await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`, { key })).status).toBe(
      200,
    );
    const listed = await (await test.call("GET", "/api/v1/keys")).text();
    expect(listed).toContain(id);
    expect(listed).not.toContain(key);
    expect((await test.call("DELETE", `/api/v1/keys/${id}`)).status).toBe(204);
    expect((await test.call("GET", "/api/v1/models", { key })).status).toBe(200);
    expect((await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`, { key })).status).toBe(
      401,
    );
  });
});

describe("a server that others can reach", () => {
  it("has no local owner when it listens on all addresses or is published under a name", async () => {
    for (const settings of [{ host: "0.0.0.0" }, { publicUrl: "https://heddle.example.org" }]) {
      const open = await startTestApi(settings, { advance: false });
      try {
        expect(
          (await open.call("POST", "/api/v1/runs", { json: { document: textDocument() } })).status,
        ).toBe(401);
        const key = await open.createKey(localWorkspaceId);
        expect(
          (await open.call("POST", "/api/v1/runs", { json: { document: textDocument() }, key }))
            .status,
        ).toBe(202);
      } finally {
        await open.close();
      }
    }
  });
});

describe("pages of other origins", () => {
  const origin = "https://app.example";

  it("may use a key: preflight and answer allow them, and they see the headers they need", async () => {
    const preflight = await test.call("OPTIONS", "/api/v1/runs", {
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
    const response = await test.call("POST", "/api/v1/runs", {
      json: { document: textDocument() },
      key: foreignKey,
      headers: { origin, "sec-fetch-site": "cross-site" },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toContain("Location");
  });

  it("may not read what the local owner gets without a key", async () => {
    const response = await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

it("links name the origin that the caller reached", async () => {
  const { run } = runResultSchema.parse(
    await (
      await test.call("GET", `/api/v1/runs/${own["runs"]?.["id"]}`, {
        headers: { host: "localhost:34200" },
      })
    ).json(),
  );
  expect(run.urls.self).toBe(`http://localhost:34200/api/v1/runs/${run.id}`);
  const elsewhere = await test.call("GET", `/api/v1/runs/${run.id}`, {
    headers: { host: "evil.example" },
    key: await test.createKey(localWorkspaceId),
  });
  expect(runResultSchema.parse(await elsewhere.json()).run.urls.self).toBe(
    `${testOrigin}/api/v1/runs/${run.id}`,
  );
});
