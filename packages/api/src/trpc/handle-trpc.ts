import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { authenticate } from "../access/authenticate.ts";
import type { Api } from "../api.ts";
import { problemResponse } from "../http/problem-response.ts";
import { readJsonBytes } from "../http/read-body.ts";
import { requestIdOf } from "../http/request-id.ts";
import { traceRequest } from "../http/trace-request.ts";
import { jsonBodyLimits } from "../rest/json-body-limits.ts";
import { appRouter } from "./router.ts";

/**
 * Answers the calls of the web interface below `/api/trpc`. The body is read with the limits of the REST API before tRPC
 * sees it, and only as JSON: tRPC would also take forms, which any page can send. Queries may come by POST, since a document
 * does not fit a URL.
 */
export async function handleTrpc(api: Api, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  return traceRequest(request, `${request.method} ${pathname}`, () => answer(api, request));
}

async function answer(api: Api, request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  try {
    const caller = await authenticate(api, request.headers);
    const response = await fetchRequestHandler({
      endpoint: "/api/trpc",
      req: request.method === "POST" ? await readLimited(api, request) : request,
      router: appRouter,
      createContext: () => ({ api, caller, requestId }),
      allowMethodOverride: true,
      onError: ({ error, path }) => {
        if (error.code === "INTERNAL_SERVER_ERROR")
          api.log.error({ err: error, path, requestId }, "a procedure failed");
      },
    });
    response.headers.set("x-request-id", requestId);
    response.headers.set("cache-control", "no-store");
    return response;
  } catch (error) {
    return problemResponse(error, requestId, api.log);
  }
}

async function readLimited(api: Api, request: Request): Promise<Request> {
  const { maxBytes, maxDepth } = jsonBodyLimits(api);
  // A batch wraps each input once more.
  const body = await readJsonBytes(request, { maxBytes, maxDepth: maxDepth + 1 });
  const { method, headers, signal } = request;
  return new Request(request.url, { method, headers, body, signal });
}
