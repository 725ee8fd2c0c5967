import { localWorkspaceId, readClock, recordArtifact } from "@heddle/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestFile } from "../files/ingest-file.ts";
import { buildDocument, pictureDocument, textDocument } from "../testing/build-document.ts";
import { pngBomb, samplePicture, zip } from "../testing/sample-files.ts";
import {
  foreignWorkspaceId,
  startTestApi,
  testOrigin,
  type TestApi,
} from "../testing/start-test-api.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";
import { announcedSchema } from "../wire/upload.ts";
import { runResultSchema } from "../wire/run-result.ts";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi();
});
afterAll(() => test.close());

async function refuse(json: unknown) {
  const response = await test.call("POST", "/api/v1/runs", { json });
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = problemDocumentSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get("x-request-id"));
  return problem;
}

async function run(json: unknown) {
  const response = await test.call("POST", "/api/v1/runs", {
    json,
    headers: { prefer: "wait=30" },
  });
  expect(response.status).toBe(201);
  return runResultSchema.parse(await response.json());
}

const dataUri = (bytes: Uint8Array, type = "image/png") =>
  `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;

describe("a request that cannot be read", () => {
  it("names what is wrong with the body, and the server stays up", async () => {
    const path = "/api/v1/runs";
    const text = { "content-type": "text/plain" };
    const json = { "content-type": "application/json" };
    expect((await test.call("POST", path, { body: "{}", headers: text })).status).toBe(415);
    expect((await test.call("POST", path, { body: "{", headers: json })).status).toBe(400);
    expect((await test.call("POST", path, { body: '{"input":NaN}', headers: json })).status).toBe(
      400,
    );
    expect(
      (await test.call("POST", path, { body: "[".repeat(10_000), headers: json })).status,
    ).toBe(422);
    const length = { ...json, "content-length": String(2 ** 31) };
    expect((await test.call("POST", path, { body: "{}", headers: length })).status).toBe(413);
    expect(
      (await test.call("POST", path, { json: { document: textDocument(), extra: 1 } })).status,
    ).toBe(422);
    expect((await test.call("GET", "/api/v1/openapi.json")).status).toBe(200);
  });

  it("says in words what is missing, unknown or of the wrong kind, and passes over no name in silence", async () => {
    const headers = { "content-type": "application/json" };
    const told = async (body: string) => {
      const response = await test.call("POST", "/api/v1/runs", { body, headers });
      expect(response.status).toBe(422);
      const { errors } = (await response.json()) as { errors: { message: string }[] };
      return errors.map(({ message }) => message);
    };
    expect(await told('{"targets":"said"}')).toEqual([
      "document is missing",
      "targets must be a list, got a text",
    ]);
    expect(await told('{"document":{},"foo":1}')).toEqual(['the body has no field "foo"']);
    expect(await told("null")).toEqual(["the body must be an object, got null"]);
    expect(await told('{"document":{},"input":{"__proto__":"x"}}')).toEqual([
      "input.__proto__ is a name that is not allowed; choose another",
    ]);
  });

  it("stops reading a body that is longer than it may be", async () => {
    const small = await startTestApi({
      limits: { ...test.api.limits, documentBytes: 1_000 - 32 * 1024 * 1024 },
    });
    try {
      const response = await small.call("POST", "/api/v1/runs", {
        json: { document: "x".repeat(2_000) },
      });
      expect(response.status).toBe(413);
    } finally {
      await small.close();
    }
  });

  it("tells a wrong address, a wrong method, and a wait that is no number", async () => {
    expect((await test.call("GET", "/api/v1/nothing")).status).toBe(404);
    const wrong = await test.call("DELETE", "/api/v1/runs");
    expect(wrong.status).toBe(405);
    expect(await wrong.json()).toMatchObject({ detail: "/api/v1/runs takes POST, not DELETE" });
    const headers = { prefer: "wait=soon" };
    expect(
      (await test.call("POST", "/api/v1/runs", { json: { document: textDocument() }, headers }))
        .status,
    ).toBe(400);
  });
});

describe("a painting that cannot be", () => {
  const painting = (params: Record<string, unknown>, type = "text-to-image") =>
    buildDocument(
      { paint: { type, params }, out: { type: "output-image", params: { name: "out" } } },
      ["paint.image -> out.value"],
    );

  it.each([
    ["prompt", "", 'must say in English words what to paint; got ""'],
    ["prompt", "火山", 'must say in English words what to paint; got "火山"'],
    ["prompt", 7, "must be a text; got 7"],
    ["steps", 0, "must be between 4 and 30, got 0"],
    ["steps", 1e6, "must be between 4 and 30, got 1000000"],
    ["steps", "many", 'must be a number, got "many"'],
    ["guidance", null, "must be a number; got null"],
    ["guidance", "strong", 'must be a number, got "strong"'],
    ["seed", 2 ** 40, "must be between 0 and 4294967295, got 1099511627776"],
  ])("is refused before it runs, in words: %s %j", async (name, value, told) => {
    const problem = await refuse({ document: painting({ [name]: value }) });
    const message = `Text to image (paint): ${name} ${told}`;
    expect(problem.status).toBe(422);
    expect(problem.errors).toMatchObject([{ nodeId: "paint", portId: name, message }]);
  });

  it("is refused for a prompt of ten thousand words, which the answer does not repeat", async () => {
    const problem = await refuse({ document: painting({ prompt: "word ".repeat(10_000) }) });
    const message = "Text to image (paint): prompt must have at most 2000 characters, got 50000";
    expect(problem.errors).toMatchObject([{ nodeId: "paint", portId: "prompt", message }]);
  });

  it("is refused for a number that JSON can write and a computer cannot hold", async () => {
    const json = JSON.stringify({ document: painting({ guidance: 12_345 }) });
    const response = await test.call("POST", "/api/v1/runs", {
      body: json.replace("12345", "1e999"),
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(422);
    const { errors } = problemDocumentSchema.parse(await response.json());
    expect(errors.map(({ message }) => message).join()).toMatch(/guidance/i);
  });
});

describe("a document that cannot run", () => {
  it("gets every problem at once, each with its node and path", async () => {
    const problem = await refuse({
      document: buildDocument(
        {
          a: { type: "teleport" },
          b: { type: "resize", params: { width: -5 } },
          c: { type: "output-image", params: { name: "out" } },
        },
        ["b.image -> c.value"],
      ),
    });
    expect(problem.status).toBe(422);
    expect(problem.errors.map(({ nodeId }) => nodeId)).toEqual(expect.arrayContaining(["a", "b"]));
    expect(problem.errors.map(({ code }) => code)).toContain("unknown_type");
  });

  it("is refused in time when it is cyclic, has 6,000 nodes, or nests 10,000 deep", async () => {
    const cyclic = buildDocument(
      {
        a: { type: "resize" },
        b: { type: "resize" },
        out: { type: "output-image", params: { name: "o" } },
      },
      ["a.image -> b.image", "b.image -> a.image", "b.image -> out.value"],
    );
    const large = buildDocument(
      Object.fromEntries(Array.from({ length: 6_000 }, (_, i) => [`n${i}`, { type: "resize" }])),
    );
    for (const [document, code] of [
      [cyclic, "cycle"],
      [large, "limit"],
    ] as const) {
      const startedAt = performance.now();
      const problem = await refuse({ document });
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      expect(problem.status).toBe(422);
      expect(problem.errors.map((error) => error.code)).toContain(code);
    }
    const body = `{"document":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    const deep = await test.call("POST", "/api/v1/runs", {
      body,
      headers: { "content-type": "application/json" },
    });
    expect(deep.status).toBe(422);
    expect(await deep.json()).toMatchObject({
      detail: expect.stringContaining("levels (limit jsonDepth)"),
    });
  });

  it("is refused when it is newer than this server, or nothing like a document", async () => {
    expect(await refuse({ document: { ...textDocument(), heddle: 99 } })).toMatchObject({
      errors: [{ code: "document_newer" }],
    });
    expect((await refuse({ document: 7 })).status).toBe(422);
    expect((await refuse({})).status).toBe(422);
  });

  it("is refused for a number that JSON cannot hold, a negative and a huge size", async () => {
    const body = JSON.stringify({ document: textDocument() }).replace(
      '"value":"Hello"',
      '"value":1e999',
    );
    const infinite = await test.call("POST", "/api/v1/runs", {
      body,
      headers: { "content-type": "application/json" },
    });
    expect(infinite.status).toBe(422);
    expect(await infinite.json()).toMatchObject({
      errors: [{ nodeId: expect.any(String), path: expect.stringMatching(/params\.value$/) }],
    });
    for (const width of [-1, 0, 1e9, 0.5]) {
      const nodes = {
        photo: { type: "input-image" },
        small: { type: "resize", params: { width } },
        out: { type: "output-image" },
      };
      const problem = await refuse({
        document: buildDocument(nodes, ["photo.image -> small.image", "small.image -> out.value"]),
      });
      expect(
        problem.errors.some(
          ({ nodeId, message }) => nodeId === "small" && message.includes("idth"),
        ),
      ).toBe(true);
    }
  });
});

describe("the files of a run", () => {
  it("may be a data URI, a stored file, a link, or an upload", async () => {
    const bytes = await samplePicture("png");
    const { artifact } = await ingestFile(test.api, localWorkspaceId, { bytes });
    const announced = await test.call("POST", "/api/v1/uploads", {
      json: { fileName: "a.png", contentType: "image/png", sizeBytes: bytes.byteLength },
    });
    const { uploadUrl, url } = announcedSchema.parse(await announced.json());
    const put = new URL(uploadUrl);
    await test.call("PUT", put.pathname + put.search, { body: new Uint8Array(bytes) });
    const first = await run({ document: pictureDocument(), input: { photo: dataUri(bytes) } });
    const link = first.outputs["result"]?.[0];
    const sources = [
      artifact,
      { sha256: artifact.sha256 },
      url,
      { url },
      link?.media === "image" ? link.url : "",
    ];
    for (const photo of sources) {
      const { outputs } = await run({ document: pictureDocument(), input: { photo } });
      expect(outputs["result"]).toMatchObject([
        { media: "image", sha256: artifact.sha256, width: 64, height: 48 },
      ]);
    }
  });

  it("may be a ZIP of pictures where a list is taken, and nowhere else", async () => {
    const archive = zip([
      { name: "2.png", bytes: await samplePicture("png") },
      { name: "1.png", bytes: await samplePicture("png", { width: 32 }) },
    ]);
    const nodes = {
      photos: { type: "input-images", params: { name: "photos" } },
      out: { type: "output-image", params: { name: "result" } },
    };
    const document = buildDocument(nodes, ["photos.images -> out.value"]);
    const uri = `data:application/zip;base64,${archive.toString("base64")}`;
    const stored = await ingestFile(test.api, localWorkspaceId, { bytes: archive });
    const alone = { sha256: stored.artifact.sha256 };
    for (const photos of [uri, alone, [alone]]) {
      const { outputs } = await run({ document, input: { photos } });
      expect(outputs["result"]).toMatchObject([{ width: 32 }, { width: 64 }]);
    }
    const problem = await refuse({ document: pictureDocument(), input: { photo: alone } });
    expect(problem.errors[0]?.message).toContain("got a ZIP, which only a list of images takes");
  });

  it("are refused all at once, each with its input's path", async () => {
    const nodes = {
      a: { type: "input-image", params: { name: "a" } },
      b: { type: "input-image", params: { name: "b" } },
      c: { type: "input-image", params: { name: "c" } },
      d: { type: "input-number", params: { name: "d" } },
      oa: { type: "output-image", params: { name: "oa" } },
      ob: { type: "output-image", params: { name: "ob" } },
      oc: { type: "output-image", params: { name: "oc" } },
    };
    const document = buildDocument(nodes, [
      "a.image -> oa.value",
      "b.image -> ob.value",
      "c.image -> oc.value",
    ]);
    const problem = await refuse({
      document,
      input: { a: dataUri(Buffer.from("<svg/>")), b: "http://127.0.0.1:1/x.png", d: "many", e: 1 },
    });
    expect(problem.errors.map(({ path }) => path).toSorted()).toEqual([
      "input.a",
      "input.b",
      "input.c",
      "input.d",
      "input.e",
    ]);
    expect(problem.errors.find(({ path }) => path === "input.a")?.message).toContain(
      "says it is a PNG but holds SVG",
    );
  });

  const wrong: [string, () => unknown, RegExp][] = [
    ["a private address", () => "https://127.0.0.1/secret.png", /not a public address/],
    ["a cloud's metadata address", () => "https://169.254.169.254/latest", /not a public address/],
    [
      "an IPv6 form of a private address",
      () => "https://[::ffff:10.0.0.1]/a.png",
      /not a public address/,
    ],
    ["a file of the server", () => "file:///etc/passwd", /not a URL or data URI/],
    ["a URL without https", () => "http://example.org/a.png", /must be an https URL/],
    ["an address of ours that is no file", () => `${testOrigin}/api/v1/models`, /names no file/],
    [
      "an upload that was never announced",
      () => `${testOrigin}/api/v1/uploads/upl_x`,
      /does not exist/,
    ],
    [
      "a link with a wrong signature",
      () => `${testOrigin}/a/${"0".repeat(64)}?sig=x`,
      /does not hold/,
    ],
    ["a picture of 256 megapixels", () => dataUri(pngBomb(16_000)), /256 megapixels/],
    ["an empty file", () => dataUri(new Uint8Array()), /empty/],
    [
      "a cut file",
      async () => dataUri((await samplePicture("png")).subarray(0, 2_000)),
      /damaged or cut short/,
    ],
    ["broken base64", () => "data:image/png;base64,@@@@", /base64 is broken/],
    ["a data URI that is not base64", () => "data:image/png,abc", /without ;base64/],
    ["a number", () => 7, /must be an image/],
    ["nothing that names a file", () => ({ path: "x" }), /must be an image/],
  ];
  it.each(wrong)("may not be %s", async (_, photo, message) => {
    const problem = await refuse({ document: pictureDocument(), input: { photo: await photo() } });
    expect(problem.status).toBe(422);
    expect(problem.errors).toEqual([
      expect.objectContaining({ path: "input.photo", message: expect.stringMatching(message) }),
    ]);
  });

  it("may not be somebody else's, in the input or in the document", async () => {
    const { artifact } = await ingestFile(test.api, foreignWorkspaceId, {
      bytes: await samplePicture("png"),
    });
    const inInput = await refuse({ document: pictureDocument(), input: { photo: artifact } });
    expect(inInput.errors).toMatchObject([{ path: "input.photo" }]);
    const inDocument = await refuse({ document: pictureDocument(artifact) });
    expect(inDocument.errors).toMatchObject([
      { nodeId: "photo", path: "nodes.photo.params.value" },
    ]);
  });

  it("count with their stored facts, whatever the document says of them", async () => {
    const { artifact } = await ingestFile(test.api, localWorkspaceId, {
      bytes: await samplePicture("png"),
    });
    const lie = { ...artifact, width: 1, height: 1, contentType: "text/html" };
    const { outputs } = await run({ document: pictureDocument(lie) });
    expect(outputs["result"]).toMatchObject([{ contentType: "image/png", width: 64, height: 48 }]);
    const { outputs: given } = await run({ document: pictureDocument(), input: { photo: lie } });
    expect(given["result"]).toMatchObject([{ contentType: "image/png", width: 64, height: 48 }]);
  });

  it("must be of the media type that the input takes", async () => {
    const artifact = { sha256: "1".repeat(64), contentType: "video/mp4", sizeBytes: 3 };
    const { database } = test.api;
    const storedAfter = await readClock(database);
    await recordArtifact(database, { workspaceId: localWorkspaceId, artifact, storedAfter });
    const problem = await refuse({ document: pictureDocument(), input: { photo: artifact } });
    expect(problem.errors[0]?.message).toContain("must be an image, got a video");
  });
});
