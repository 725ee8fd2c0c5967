import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPublicAddress } from "./is-public-address.ts";
import { safeFetch } from "./safe-fetch.ts";

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/picture") response.setHeader("content-type", "image/png").end("bytes");
    else if (request.url === "/large") response.end(Buffer.alloc(2_000_000));
    else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
    else if (request.url === "/to-file")
      response.writeHead(302, { location: "file:///etc/passwd" }).end();
    else if (request.url === "/hang") response.write("a");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const limits = { maxBytes: 1_000_000, timeoutMs: 5_000 };
const open = { ...limits, allowPrivate: true };

describe("safeFetch", () => {
  it.each([
    "http://127.0.0.1/x",
    "http://127.1/x",
    "http://0x7f000001/x",
    "http://2130706433/x",
    "http://localhost/x",
    "http://0.0.0.0/x",
    "http://10.1.2.3/x",
    "http://172.16.0.1/x",
    "http://192.168.1.1/x",
    "http://169.254.169.254/latest/meta-data",
    "http://100.64.0.1/x",
    "http://[::1]/x",
    "http://[::7f00:1]/x",
    "http://[::ffff:127.0.0.1]/x",
    "http://[fd00::1]/x",
    "http://[fe80::1]/x",
  ])("refuses %s, which is not a public address", async (url) => {
    await expect(safeFetch(url, limits)).rejects.toThrow("not a public address");
  });

  it.each([
    ["file:///etc/passwd", "only http and https"],
    ["ftp://example.org/x", "only http and https"],
    ["http://example.org:22/x", "port 22"],
    ["not a url", "not a URL"],
  ])("refuses %s", async (url, reason) => {
    await expect(safeFetch(url, limits)).rejects.toThrow(reason);
  });

  it("fetches the bytes and the content type where private addresses are allowed by setting", async () => {
    const file = await safeFetch(`${origin}/picture`, open);
    expect([Buffer.from(file.bytes).toString(), file.contentType]).toEqual(["bytes", "image/png"]);
  });

  it("stops at the byte limit, at endless redirects, at redirects to other schemes, at time-out and at errors", async () => {
    await expect(safeFetch(`${origin}/large`, open)).rejects.toMatchObject({ code: "too_large" });
    await expect(safeFetch(`${origin}/loop`, open)).rejects.toThrow("redirects");
    await expect(safeFetch(`${origin}/to-file`, open)).rejects.toThrow("only http and https");
    await expect(safeFetch(`${origin}/hang`, { ...open, timeoutMs: 200 })).rejects.toThrow(
      "no answer within 0.2 seconds",
    );
    await expect(safeFetch(`${origin}/absent`, open)).rejects.toThrow("answered 404");
  });

  it("knows public addresses from the others", () => {
    expect(["8.8.8.8", "2606:4700::1111"].every(isPublicAddress)).toBe(true);
    expect(
      ["224.0.0.1", "255.255.255.255", "::", "64:ff9b::7f00:1", "name"].some(isPublicAddress),
    ).toBe(false);
  });
});
