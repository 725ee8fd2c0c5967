import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { s3Credentials, startS3, type TestS3 } from "../testing/start-s3.ts";
import { BlobStoreFull, BlobStoreUnavailable, type BlobStore } from "./blob-store.ts";
import { createBlobStore } from "./create-blob-store.ts";

let s3: TestS3;
beforeAll(async () => {
  s3 = await startS3();
});
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  await s3.close();
});

describe("a link to a blob on S3", () => {
  it("is opened by a plain fetch, also in part, until its time is over", async () => {
    const store = createBlobStore(s3.url, s3Credentials);
    const { sha256 } = await store.put(Buffer.from("0123456789"));
    const link = (await store.presign(sha256, 60)) ?? "";
    expect(await (await fetch(link)).text()).toBe("0123456789");
    const part = await fetch(link, { headers: { range: "bytes=2-4" } });
    expect([part.status, await part.text()]).toEqual([206, "234"]);
    const short = (await store.presign(sha256, 1)) ?? "";
    await expect.poll(async () => (await fetch(short)).status, { timeout: 10_000 }).toBe(403);
  });

  it("opens nothing else", async () => {
    const store = createBlobStore(s3.url, s3Credentials);
    const [one, other] = [
      await store.put(Buffer.from("one")),
      await store.put(Buffer.from("other")),
    ];
    const link = (await store.presign(one.sha256, 60)) ?? "";
    expect((await fetch(link.replace(one.sha256, other.sha256))).status).toBe(403);
    expect((await fetch(link, { method: "DELETE" })).status).toBe(403);
  });
});

describe("an S3 that cannot be used", () => {
  it("is told apart from a missing blob", async () => {
    const wrongKey = createBlobStore(s3.url, { ...s3Credentials, secretAccessKey: "wrong" });
    await expect(wrongKey.put(Buffer.from("x"))).rejects.toThrow(/403 SignatureDoesNotMatch/);
    await expect(wrongKey.read("0".repeat(64))).rejects.toBeInstanceOf(BlobStoreUnavailable);
    const noBucket = createBlobStore(s3.url.replace("heddle-test", "heddle-none"), s3Credentials);
    await expect(noBucket.put(Buffer.from("x"))).rejects.toThrow(/404 NoSuchBucket/);
    await expect(noBucket.check()).rejects.toBeInstanceOf(BlobStoreUnavailable);
    const away = createBlobStore("s3://bucket?endpoint=http://127.0.0.1:9", s3Credentials);
    await expect(away.put(Buffer.from("x"))).rejects.toThrow("no answer from http://127.0.0.1:9");
  });

  it("says that it is full", async () => {
    const store = await answering(507, "<Error><Code>XMinioStorageFull</Code></Error>");
    await expect(store.put(Buffer.from("x"))).rejects.toBeInstanceOf(BlobStoreFull);
  });

  it("that breaks off in the middle of a blob has not given it", async () => {
    const store = await answering(200, "half of it", 100);
    await expect(store.read("0".repeat(64))).rejects.toThrow("broke off in the middle");
    const stream = await store.stream("0".repeat(64));
    await expect(new Response(stream).text()).rejects.toBeInstanceOf(BlobStoreUnavailable);
  });
});

/**
 * A store whose server gives one answer to everything, as the one of the other tests cannot: that has no quota and never
 * breaks off. `lengthBytes`: what it promises; absent, what it sends.
 */
async function answering(status: number, body: string, lengthBytes?: number): Promise<BlobStore> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { "content-length": lengthBytes ?? body.length });
    response.write(body, () => (lengthBytes === undefined ? response.end() : response.destroy()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return createBlobStore(`s3://bucket?endpoint=http://127.0.0.1:${port}`, s3Credentials);
}
