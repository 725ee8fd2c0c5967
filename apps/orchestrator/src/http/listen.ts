import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { AppError, appErrorTable, type AppErrorCode } from "@heddle/core";
import type { Log } from "@heddle/infra";
import type { Registry } from "prom-client";
import { z } from "zod";
import type { IdentifyRunner } from "../identify-runner.ts";
import { forward, forwardedHeader } from "./forward.ts";
import { readJson } from "./read-json.ts";
import type { FileRoute, Route } from "./route.ts";

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly identify: IdentifyRunner;
  readonly routes: ReadonlyMap<string, Route>;
  readonly files: readonly FileRoute[];
  /** Throws with the reason when this process could not serve. */
  readonly health: () => Promise<void>;
  readonly metrics: Registry;
  /** Who answers the routes. */
  readonly answeredAt: AnsweredAt;
  readonly log: Log;
}

/** This process. */
export const here = "here";

export interface AnsweredAt {
  /** `here`, an address, or null when nobody knows. */
  readonly place: string | null;
  /** Aborted when the place is another. */
  readonly moved: AbortSignal;
}

export interface Listening {
  readonly url: string;
  /** Stops taking connections, and resolves once every answer was given; what takes longer than 5 s is cut off. */
  close(): Promise<void>;
}

const closeMs = 5_000;

/** Serves JSON and files over HTTP to those who have a token. Throws when the port is taken. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const open = new Set<ServerResponse>();
  let closing = false;
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    if (closing) response.shouldKeepAlive = false;
    answer(options, request, response).catch((error: unknown) => {
      options.log.error({ err: error }, "an answer could not be given");
      response.destroy();
    });
  });
  // A runner keeps its connections; they must outlive the longest wait between two of its calls.
  server.keepAliveTimeout = 120_000;
  // In which a whole request has to come: a large result, over a slow line.
  server.requestTimeout = 15 * 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    close: async () => {
      closing = true;
      // A runner asks again as soon as it is answered: on a connection that it may keep, until it is cut off.
      for (const response of open) response.shouldKeepAlive = false;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // A client that went away without a word leaves a request that never comes to its end.
      const timer = setTimeout(() => server.closeAllConnections(), closeMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function answer(
  options: ListenOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const path = request.url?.split("?", 1)[0] ?? "";
    if (path === "/health" && request.method === "GET") {
      await options.health();
      return send(response, { status: 200, body: { status: "ok" } });
    }
    if (path === "/metrics" && request.method === "GET") {
      const { metrics } = options;
      return send(response, {
        status: 200,
        text: await metrics.metrics(),
        contentType: metrics.contentType,
      });
    }
    await answerRunner(options, { request, response, path });
  } catch (error) {
    sendError(options.log, response, error);
  }
}

interface RunnerExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

async function answerRunner(
  { routes, files, identify, answeredAt }: ListenOptions,
  { request, response, path }: RunnerExchange,
): Promise<void> {
  const { authorization } = request.headers;
  const file = files.find(({ prefix }) => path.startsWith(prefix));
  if (file !== undefined) {
    const identity = await identify(authorization);
    return file.handle({ request, response, rest: path.slice(file.prefix.length), identity });
  }
  const route = routes.get(path);
  if (route === undefined) throw new AppError("not_found", `There is nothing at ${path}`);
  if (request.method !== "POST") throw new AppError("method_not_allowed", `${path} takes POST`);
  const identity = await identify(authorization);
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const body = await readJson(request, route.maxBytes);
  const traceparent = request.headers["traceparent"]?.toString();
  const { place, moved } = answeredAt;
  if (place !== here) {
    if (place === null || request.headers[forwardedHeader] !== undefined)
      throw new AppError(
        "unavailable",
        "No orchestrator that gives out work can be reached right now; ask again",
      );
    const signal = AbortSignal.any([gone.signal, moved]);
    return send(
      response,
      await forward({ url: place, path, authorization, traceparent, body, signal }),
    );
  }
  const check = async () => void (await identify(authorization));
  const caller = { identity, check, signal: gone.signal, traceparent };
  const answered = await route.answer(body, caller);
  send(response, { status: 200, body: answered });
}

function sendError(log: Log, response: ServerResponse, error: unknown): void {
  const { code, detail } = describe(error);
  const { status, title } = appErrorTable[code];
  if (!AppError.is(error) && !(error instanceof z.ZodError))
    log.error({ err: error }, "a request failed");
  if (response.headersSent || response.destroyed) return;
  // What is left of a body that was too large is not read.
  if (status === 413) response.setHeader("connection", "close");
  send(response, {
    status,
    body: { title, status, code, detail },
    contentType: "application/problem+json",
  });
}

function describe(error: unknown): { readonly code: AppErrorCode; readonly detail: string } {
  if (AppError.is(error)) return { code: error.code, detail: error.message };
  if (error instanceof z.ZodError) return { code: "invalid", detail: z.prettifyError(error) };
  return { code: "unavailable", detail: "Something went wrong; try again" };
}

type Answer = { readonly status: number; readonly contentType?: string } & (
  | { readonly body: unknown }
  | { readonly text: string }
);

function send(
  response: ServerResponse,
  { status, contentType = "application/json", ...content }: Answer,
): void {
  const bytes = Buffer.from("text" in content ? content.text : JSON.stringify(content.body));
  response.writeHead(status, { "content-type": contentType, "content-length": bytes.byteLength });
  response.end(bytes);
}
