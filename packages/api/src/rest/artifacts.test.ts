import { createHash } from "node:crypto";
import { signArtifact } from "@heddle/infra";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { samplePicture } from "../testing/sample-files.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";

let test: TestApi;
let bytes: Buffer;
let sha256: string;
let path: string;
beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
  bytes = await samplePicture("png");
  ({ sha256 } = await test.api.blobs.put(bytes));
  path = `/a/${sha256}?sig=${signArtifact({ secret: test.api.secret, sha256 })}`;
});
afterAll(() => test.close());

async function store(content: string | Uint8Array): Promise<string> {
  const blob = await test.api.blobs.put(Buffer.from(content));
  return `/a/${blob.sha256}?sig=${signArtifact({ secret: test.api.secret, sha256: blob.sha256 })}`;
}

describe("GET /a/{sha256}", () => {
  it("gives the bytes, to be kept for ever and never run", async () => {
    const response = await test.call("GET", path, { headers: { host: "elsewhere.example" } });
    expect(response.status).toBe(200);
    const got = Buffer.from(await response.arrayBuffer());
    expect(createHash("sha256").update(got).digest("hex")).toBe(sha256);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(bytes.byteLength),
      "cache-control": expect.stringContaining("immutable"),
      "content-security-policy": "default-src 'none'; sandbox",
      "content-disposition": expect.stringMatching(/^inline; filename="[0-9a-f]{12}\.png"/),
      "x-content-type-options": "nosniff",
      etag: `"${sha256}"`,
    });
  });

  it("answers a wrong, missing, expired or foreign signature and a missing file alike", async () => {
    const { secret } = test.api;
    const missing = "f".repeat(64);
    const wrong = [
      `/a/${sha256}`,
      `/a/${sha256}?sig=`,
      `${path}x`,
      path.replace(/sig=../, "sig=zz"),
      `/a/${sha256}?sig=${signArtifact({ secret, sha256, expiresAt: Math.floor(Date.now() / 1000) - 1 })}`,
      `/a/${sha256}?sig=${signArtifact({ secret: "another secret", sha256 })}`,
      `/a/${sha256}?sig=${signArtifact({ secret, sha256: missing })}`,
      `/a/${missing}?sig=${signArtifact({ secret, sha256: missing })}`,
      `/a/${missing}`,
      "/a/..%2f..%2fetc%2fpasswd",
    ];
    const answers = await Promise.all(
      wrong.map(async (one) => {
        const response = await test.call("GET", one);
        const problem = problemDocumentSchema.parse(await response.json());
        return { status: response.status, problem: { ...problem, requestId: "" } };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it.each([
    ["bytes=0-9", 0, 9],
    ["bytes=100-", 100, Number.POSITIVE_INFINITY],
    ["bytes=-7", -7, Number.POSITIVE_INFINITY],
    ["bytes=5-999999999", 5, Number.POSITIVE_INFINITY],
  ])("serves the range %s", async (range, start, end) => {
    const response = await test.call("GET", path, { headers: { range } });
    expect(response.status).toBe(206);
    const from = start < 0 ? bytes.byteLength + start : start;
    const to = Math.min(end, bytes.byteLength - 1);
    expect(response.headers.get("content-range")).toBe(`bytes ${from}-${to}/${bytes.byteLength}`);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(from, to + 1))).toBe(
      true,
    );
  });

  it("answers 416 to a range outside, and everything to a range it does not know", async () => {
    const outside = await test.call("GET", path, {
      headers: { range: `bytes=${bytes.byteLength}-` },
    });
    expect(outside.status).toBe(416);
    expect(outside.headers.get("content-range")).toBe(`bytes */${bytes.byteLength}`);
    for (const range of ["bytes=9-1, 20-30", "lines=1-2", "bytes=-"]) {
      expect((await test.call("GET", path, { headers: { range } })).status).toBe(200);
    }
    const changed = { range: "bytes=0-1", "if-range": '"other"' };
    expect((await test.call("GET", path, { headers: changed })).status).toBe(200);
  });

  it("answers 304 to a browser that has it, and headers only to HEAD", async () => {
    const known = await test.call("GET", path, { headers: { "if-none-match": `W/"${sha256}"` } });
    expect(known.status).toBe(304);
    const head = await test.call("HEAD", path);
    expect(head.headers.get("content-length")).toBe(String(bytes.byteLength));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  it("hands what is no picture or video to be saved, never shown", async () => {
    for (const content of ["<script>alert(1)</script>", "<svg onload='alert(1)'/>", "plain"]) {
      const response = await test.call("GET", await store(content));
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("content-disposition")).toMatch(/^attachment/);
    }
  });

  it("takes a name to save as, and lets nothing of it into another header", async () => {
    const response = await test.call(
      "GET",
      `${path}&download=${encodeURIComponent('a"\r\nx-evil: 1;ü.png')}`,
    );
    expect(response.headers.get("content-disposition")).toMatch(
      /^attachment; filename="a___x-evil_ 1__.png"; filename\*=UTF-8''/,
    );
    expect(response.headers.get("x-evil")).toBeNull();
  });

  it("serves an empty file", async () => {
    expect((await test.call("GET", await store(""))).status).toBe(200);
  });
});
