import { expect, test } from "@playwright/test";
import sharp from "sharp";
import { expectWell, makeKey, send, upload } from "../support/api.ts";
import { documentOf, echoDocument, resizeDocument } from "../support/documents.ts";
import { picture } from "../support/pictures.ts";

interface ProblemAnswer {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: { readonly path: string; readonly message: string; readonly nodeId?: string }[];
}

/** The problem document of an answer, which must be one. */
async function problemOf(response: Response, status: number): Promise<ProblemAnswer> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  const problem = JSON.parse(text) as ProblemAnswer;
  expect(problem.requestId).not.toBe("");
  return problem;
}

async function runProblem(
  document: unknown,
  input: Record<string, unknown> = {},
): Promise<ProblemAnswer> {
  return await problemOf(await send("/api/v1/runs", { body: { document, input } }), 422);
}

test.afterEach(expectWell);

test.describe("a file", () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
  const files: [string, string, () => Promise<Uint8Array<ArrayBuffer>>][] = [
    ["that is empty", "empty.png", async () => new Uint8Array()],
    [
      "that was cut short",
      "cut.png",
      async () => new Uint8Array((await picture(400, 400)).subarray(0, 900)),
    ],
    ["that is an SVG", "drawing.svg", async () => new Uint8Array(Buffer.from(svg))],
    [
      "that is HTML by the name of a PNG",
      "page.png",
      async () => new Uint8Array(Buffer.from("<!doctype html><script>alert(1)</script>")),
    ],
    [
      "of 16,000 by 16,000 pixels",
      "bomb.png",
      async () => {
        const create = { width: 16_000, height: 16_000, channels: 3, background: "black" } as const;
        return new Uint8Array(
          await sharp({ create, limitInputPixels: false }).png({ compressionLevel: 9 }).toBuffer(),
        );
      },
    ],
  ];
  for (const [what, name, bytes] of files) {
    test(`${what} is refused with a word about it`, async () => {
      const response = await upload(await bytes(), name);
      expect([400, 413, 415, 422]).toContain(response.status);
      const problem = await problemOf(response, response.status);
      expect(problem.detail.length).toBeGreaterThan(10);
    });
  }

  test("of a private address is not fetched", async () => {
    const problem = await runProblem(resizeDocument(), { image: "http://127.0.0.1:1/a.png" });
    expect(problem.errors[0]?.path).toBe("input.image");
  });

  test("of another workspace does not exist", async () => {
    const problem = await runProblem(resizeDocument(), { image: { sha256: "0".repeat(64) } });
    expect(problem.errors[0]?.path).toBe("input.image");
    expect((await send(`/a/${"0".repeat(64)}?sig=x`)).status).toBe(404);
  });
});

test.describe("a document", () => {
  test("with a cycle names the nodes of the cycle", async () => {
    const document = documentOf({ a: { type: "resize" }, b: { type: "crop" } }, [
      "a.image > b.image",
      "b.image > a.image",
    ]);
    const { errors } = await runProblem(document);
    expect(errors.map(({ message }) => message).join()).toMatch(/Resize.*→.*Crop|Crop.*→.*Resize/);
  });

  test("with 6,000 nodes names the limit", async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, index) => [`n${index}`, { type: "input-text" }]),
    );
    const { errors, detail } = await runProblem(documentOf(nodes, []));
    expect(`${detail} ${errors[0]?.message}`).toMatch(/5[,_ ]?000/);
  });

  test("with unknown types names each of them", async () => {
    const { errors } = await runProblem(
      documentOf({ a: { type: "nope" }, b: { type: "nada" } }, []),
    );
    expect(errors.map(({ nodeId }) => nodeId ?? "").toSorted()).toEqual(["a", "b"]);
  });

  test("10,000 levels deep is refused before anything recurses", async () => {
    const deep = `{"document":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)},"input":{}}`;
    const response = await send("/api/v1/runs", { body: deep });
    expect([400, 413, 422]).toContain(response.status);
  });

  test("that is no JSON is refused", async () => {
    expect((await send("/api/v1/runs", { body: "{" })).status).toBe(400);
  });

  for (const width of [
    "NaN",
    "-64",
    "1e308",
    "-1e999",
    "12345678901234567890",
    "0.5",
    '"64"',
    "null",
  ]) {
    test(`with a width of ${width} is refused at its node`, async () => {
      const document = JSON.stringify(resizeDocument()).replace('"width":64', `"width":${width}`);
      const response = await send("/api/v1/runs", { body: `{"document":${document},"input":{}}` });
      expect([400, 422]).toContain(response.status);
      const problem = await problemOf(response, response.status);
      if (response.status === 422) {
        const named = problem.errors.some(
          ({ nodeId, path }) => nodeId === "smaller" || path.includes("smaller"),
        );
        expect(named, JSON.stringify(problem)).toBe(true);
      }
    });
  }

  test("without its input names the input", async () => {
    const { errors } = await runProblem(resizeDocument());
    expect(errors.map(({ path }) => path)).toContain("input.image");
  });

  test("gets every wrong input told at once", async () => {
    const { errors } = await runProblem(echoDocument(), { words: 5, more: 1 });
    expect(errors.map(({ path }) => path).toSorted()).toEqual(["input.more", "input.words"]);
  });
});

test.describe("a key", () => {
  test("that is wrong, mistyped or missing where one is needed gets 401", async () => {
    const key = await makeKey();
    const mistyped = key.slice(0, -1) + (key.endsWith("A") ? "B" : "A");
    for (const wrong of [mistyped, "hdl_live_x", "nonsense"]) {
      const problem = await problemOf(
        await send("/api/v1/runs", { key: wrong, body: { document: echoDocument() } }),
        401,
      );
      expect(problem.code).toBe("unauthenticated");
    }
    const elsewhere = { origin: "https://elsewhere.example" };
    const response = await send("/api/v1/runs", {
      headers: elsewhere,
      body: { document: echoDocument() },
    });
    expect(response.status).toBe(401);
  });

  test("that may only read cannot run", async () => {
    const key = await makeKey(["read"]);
    await problemOf(await send("/api/v1/runs", { key, body: { document: echoDocument() } }), 403);
  });
});

test("a run of somebody else, or of nobody, is not found", async () => {
  await problemOf(await send("/api/v1/runs/run_0000000000000000000000"), 404);
  await problemOf(await send("/api/v1/workflows/local/there-is-none"), 404);
});

test("a page that does not exist says so", async ({ page }) => {
  const response = await page.goto("/w/local/there-is-none");
  expect(response?.status()).toBe(404);
});
