import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpBlobStore } from "./http-blob-store.ts";

/*
 * Against a server that answers what the test says, since the real one does not lose answers on demand; with that one:
 * apps/orchestrator/src/remote-runners.test.ts.
 */

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Each request gets the next answer, the last one again and again. */
async function serve(...answers: Answer[]) {
  const requests: { method: string | undefined; url: string | undefined; body: Buffer }[] = [];
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method, url } = request;
      requests.push({ method, url, body });
      answers[Math.min(requests.length, answers.length) - 1]?.(request, response);
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  const port = typeof address === "object" ? address?.port : 0;
  const options = { serverUrl: `http://127.0.0.1:${port}`, token: "t", pausesMs: [1, 1, 1] };
  return { store: createHttpBlobStore(options), requests };
}

const bytes = Buffer.from("what was stored");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const give: Answer = (_, response) => response.writeHead(200).end(bytes);
const status =
  (code: number): Answer =>
  (_, response) =>
    response.writeHead(code).end("the reason");
const hangUp: Answer = (_, response) => response.destroy();
const breakOff: Answer = (_, response) => {
  response.writeHead(200, { "content-length": bytes.byteLength }).write(bytes.subarray(0, 4));
  setImmediate(() => response.destroy());
};

describe("blobs over HTTP", () => {
  it("are read again when the server is away, starts again or breaks off", async () => {
    const { store, requests } = await serve(hangUp, status(503), breakOff, give);
    expect(Buffer.from(await store.read(sha256)).equals(bytes)).toBe(true);
    expect(requests.map(({ url }) => url)).toEqual(Array(4).fill(`/runner/v1/blobs/${sha256}`));
  });

  it("are stored again when no answer came, under the hash of what is sent", async () => {
    const { store, requests } = await serve(hangUp, status(502), status(204));
    async function* chunks() {
      yield bytes.subarray(0, 5);
      yield bytes.subarray(5);
    }
    expect(await store.put(chunks())).toEqual({ sha256, sizeBytes: bytes.byteLength });
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "PUT"]);
    expect(requests.at(-1)?.body.equals(bytes)).toBe(true);
  });

  it("are unavailable in the end, with the reason", async () => {
    const { store, requests } = await serve(status(503));
    await expect(store.read(sha256)).rejects.toMatchObject({ name: "BlobStoreUnavailable" });
    expect(requests).toHaveLength(4);
  });

  it("are not asked for again when they are refused, missing or not what they are called", async () => {
    for (const [answer, expected] of [
      [status(401), { name: "BlobStoreUnavailable", message: expect.stringContaining("reason") }],
      [status(404), { name: "BlobMissing" }],
      [(_: unknown, response: ServerResponse) => response.end("flipped"), { name: "BlobCorrupt" }],
    ] as const) {
      const { store, requests } = await serve(answer);
      await expect(store.read(sha256)).rejects.toMatchObject(expected);
      expect(requests).toHaveLength(1);
      server?.close();
    }
  });

  it("never become a path: what is no hash is refused here", async () => {
    const { store, requests } = await serve(give);
    await expect(store.read("../register")).rejects.toThrow("Not a SHA-256");
    expect(requests).toEqual([]);
  });

  it("are not sent when they are larger than allowed", async () => {
    const { store, requests } = await serve(status(204));
    await expect(store.put(bytes, { maxBytes: 4 })).rejects.toMatchObject({ name: "BlobTooLarge" });
    expect(requests).toEqual([]);
  });
});
