import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/* A server that echoes, and the proxy before it: real sockets on both sides. */

let server: Server;
let proxy: TcpProxy;
let heard: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  heard = "";
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      heard += chunk.toString();
      socket.write(chunk);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  proxy = await startTcpProxy(address.port);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  server.close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

async function ask(socket: Socket, words: string): Promise<string> {
  const answered = once(socket, "data");
  socket.write(words);
  const [chunk] = await answered;
  return String(chunk);
}

const closedWith = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
  });

describe("the proxy", () => {
  it("passes bytes on, both ways, and the end of a connection too", async () => {
    const socket = await open();
    expect(await ask(socket, "hello")).toBe("hello");
    const ended = once(socket, "close");
    socket.end();
    await ended;
  });

  it("carries more than the buffers hold, whole", async () => {
    const socket = await open();
    const sent = "x".repeat(8 * 2 ** 20);
    let back = 0;
    const all = new Promise<void>((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        back += chunk.byteLength;
        if (back === sent.length) resolve();
      });
    });
    socket.write(sent);
    await all;
  });

  it("delays every byte, in order", async () => {
    const socket = await open();
    proxy.set({ kind: "delay", ms: 50 });
    const before = performance.now();
    expect(await ask(socket, "slow")).toBe("slow");
    expect(performance.now() - before).toBeGreaterThanOrEqual(95);
  });

  it("resets what is open and what is new", async () => {
    const socket = await open();
    await ask(socket, "hello");
    const closed = closedWith(socket);
    proxy.set({ kind: "reset" });
    expect(await closed).toBe("ECONNRESET");
    const late = connect(proxy.port, "127.0.0.1");
    sockets.push(late);
    expect(await closedWith(late)).toBe("ECONNRESET");
  });

  it("half-opens: connections are taken, nothing goes on, and what was held back goes on afterwards", async () => {
    proxy.set({ kind: "half-open" });
    const socket = await open();
    const answered = once(socket, "data");
    socket.write("held");
    const another = await open();
    expect(another.readyState).toBe("open");
    expect(heard).toBe("");
    proxy.set({ kind: "pass" });
    const [chunk] = await answered;
    expect(String(chunk)).toBe("held");
  });

  it("drops the answer to one request: the server has heard it, the client only sees a reset", async () => {
    const socket = await open();
    proxy.set({ kind: "drop-answer", after: "COMMIT" });
    expect(await ask(socket, "BEGIN")).toBe("BEGIN");
    const closed = closedWith(socket);
    socket.write("COM");
    socket.write("MIT");
    await closed;
    expect(heard).toBe("BEGINCOMMIT");
    expect(proxy.dropped()).toBe(1);
    proxy.set({ kind: "pass" });
    expect(await ask(await open(), "again")).toBe("again");
  });
});
