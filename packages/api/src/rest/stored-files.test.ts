import { createHash } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "@heddle/catalog";
import { completeTasks } from "@heddle/db";
import { claimOldest } from "@heddle/db/testing";
import { createBlobStore, signArtifact, type BlobStore } from "@heddle/infra";
import { s3Credentials, startS3 } from "@heddle/infra/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDocument } from "../testing/build-document.ts";
import { samplePicture, toForm } from "../testing/sample-files.ts";
import { startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { problemDocumentSchema } from "../wire/problem-document.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { uploadedSchema } from "../wire/upload.ts";

interface Store {
  readonly blobs: BlobStore;
  readonly pathOf: (sha256: string) => string;
  readonly close: () => Promise<void>;
}

async function openFiles(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), "heddle-stored-"));
  return {
    blobs: createBlobStore(`file:${directory}`),
    pathOf: (sha256) => join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function openS3(): Promise<Store> {
  const s3 = await startS3();
  return {
    blobs: createBlobStore(s3.url, s3Credentials),
    pathOf: (sha256) => s3.pathOf(`blobs/${sha256}`),
    close: () => s3.close(),
  };
}

async function upload(test: TestApi, bytes: Buffer) {
  const body = toForm(new Uint8Array(bytes), "photo.png");
  return test.call("POST", "/api/v1/uploads", { body });
}

describe.each([
  { kind: "files", open: openFiles },
  { kind: "S3", open: openS3 },
])("a file in $kind", ({ open }) => {
  let store: Store;
  let test: TestApi;
  beforeAll(async () => {
    store = await open();
    test = await startTestApi({ blobs: store.blobs });
  });
  afterAll(async () => {
    await test.close();
    await store.close();
  });

  const pathTo = (sha256: string) =>
    `/a/${sha256}?sig=${signArtifact({ secret: test.api.secret, sha256 })}`;

  it("is served whole and in part through us, with the headers that make it safe to open", async () => {
    const { artifact } = uploadedSchema.parse(
      await (await upload(test, await samplePicture("png"))).json(),
    );
    const whole = await test.call("GET", pathTo(artifact.sha256));
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(artifact.sha256);
    const headers = { range: "bytes=10-29" };
    const part = await test.call("GET", pathTo(artifact.sha256), { headers });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 30))).toBe(true);
    for (const response of [whole, part]) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      });
    }
  });

  it("is mended by the same upload, once it is damaged", async () => {
    const picture = await samplePicture("png");
    const { artifact } = uploadedSchema.parse(await (await upload(test, picture)).json());
    const stored = Buffer.from(await store.blobs.read(artifact.sha256));
    await truncate(store.pathOf(artifact.sha256), 20);
    expect((await upload(test, stored)).status).toBe(201);
    expect((await store.blobs.read(artifact.sha256)).byteLength).toBe(stored.byteLength);
  });

  const small = buildDocument(
    {
      photo: { type: "input-image", params: { name: "photo" } },
      small: { type: "resize", params: { width: 8, height: 8 } },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["photo.image -> small.image", "small.image -> result.value"],
  );

  /** Runs it, doing what a runner would. Returns the result's hash, and whether it was computed. */
  async function run(photo: Buffer): Promise<{ sha256: string; computed: boolean }> {
    const input = { photo: `data:image/png;base64,${photo.toString("base64")}` };
    const call = { json: { document: small, input } };
    const submitted = await test.call("POST", "/api/v1/runs", call);
    const { run: started } = runResultSchema.parse(await submitted.json());
    let computed = false;
    for (;;) {
      const found = await test.call("GET", `/api/v1/runs/${started.id}`);
      const { run: now, outputs } = runResultSchema.parse(await found.json());
      if (now.status === "SUCCEEDED")
        return { sha256: JSON.stringify(outputs).match(/[0-9a-f]{64}/)?.[0] ?? "", computed };
      computed ||= await workOnce();
    }
  }

  async function workOnce(): Promise<boolean> {
    const { database, blobs } = test.api;
    const wish = { runnerId: "rnr_test", ops: ["resize"], limit: 1, leaseMs: 30_000 };
    const [task] = await claimOldest(database, wish);
    if (task === undefined) return false;
    const blob = await blobs.put(await made());
    const artifact = { ...blob, contentType: "image/png", width: 8, height: 8 };
    const outputs = { image: { media: "image" as const, artifact } };
    const result = { status: "succeeded" as const, outputs, loadMs: 0, deviceMs: 1 };
    const { taskId, epoch, runId } = task;
    const completions = [{ runnerId: "rnr_test", taskId, epoch, result }];
    await completeTasks(database, { runId, catalog, completions });
    return true;
  }

  let picture: Promise<Buffer> | undefined;
  const made = () => (picture ??= samplePicture("png", { width: 300, height: 300 }));

  const damages: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ["missing", (path) => rm(path)],
    ["cut short", (path) => truncate(path, 40_000)],
    [
      "flipped",
      async (path) => {
        const bytes = Buffer.from(await made());
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
        await writeFile(path, bytes);
      },
    ],
  ];

  it.each(damages)(
    "that is %s is never taken for the result, and is made again by the next run",
    async (_, damage) => {
      const photo = await samplePicture("png");
      const first = await run(photo);
      expect(first.computed).toBe(true);
      expect(await run(photo)).toEqual({ ...first, computed: false });
      await damage(store.pathOf(first.sha256));
      const served = await test.call("GET", pathTo(first.sha256));
      if (served.status === 200)
        await expect(served.arrayBuffer()).rejects.toThrow(/no longer matches|terminated/);
      else expect(served.status).toBe(404);
      const forgotten = "SELECT count(*)::int AS count FROM cache_entry WHERE outputs::text ~ $1";
      await expect
        .poll(async () => (await test.api.database.pool.query(forgotten, [first.sha256])).rows)
        .toEqual([{ count: 0 }]);
      expect(await run(photo)).toEqual(first);
      const again = await test.call("GET", pathTo(first.sha256));
      expect(Buffer.from(await again.arrayBuffer()).equals(await made())).toBe(true);
    },
  );
});

describe("a workspace that may hold so much and no more", () => {
  let test: TestApi;
  beforeAll(async () => {
    test = await startTestApi({ storageLimitBytes: 20_000 });
  });
  afterAll(() => test.close());

  it("takes what fits, and says of the next upload and run what is used and what to do", async () => {
    expect((await upload(test, await samplePicture("png"))).status).toBe(201);
    const large = await samplePicture("png", { width: 200, height: 200 });
    const refused = await upload(test, large);
    expect(refused.status).toBe(507);
    const { code, detail } = problemDocumentSchema.parse(await refused.json());
    expect(code).toBe("storage_full");
    expect(detail).toMatch(
      /^This workspace holds \d+\.\d kB in 1 files, and may hold 20\.0 kB; this file has .* kB\. .*HEDDLE_RETENTION_DAYS.*HEDDLE_STORAGE_LIMIT_GB$/,
    );
    const announced = await test.call("POST", "/api/v1/uploads", {
      json: { fileName: "a.png", contentType: "image/png", sizeBytes: 30_000 },
    });
    expect(announced.status).toBe(507);
    const document = buildDocument({
      greeting: { type: "input-text", params: { name: "greeting", value: "Hello" } },
    });
    expect((await test.call("POST", "/api/v1/runs", { json: { document } })).status).toBe(202);
    await test.api.database.pool.query("UPDATE artifact SET size_bytes = 20000");
    const run = await test.call("POST", "/api/v1/runs", { json: { document } });
    expect([run.status, problemDocumentSchema.parse(await run.json()).code]).toEqual([
      507,
      "storage_full",
    ]);
  });
});
