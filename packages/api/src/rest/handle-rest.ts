import { AppError } from "@heddle/core";
import { describeSpan } from "@heddle/infra";
import { authenticate } from "../access/authenticate.ts";
import { requireScope, type Caller } from "../access/caller.ts";
import type { Api } from "../api.ts";
import { allowAnyOrigin, preflightResponse } from "../http/cors.ts";
import { originOf } from "../http/origin.ts";
import { problemResponse } from "../http/problem-response.ts";
import { requestIdOf } from "../http/request-id.ts";
import { traceRequest } from "../http/trace-request.ts";
import { matchPath, type RestRequest, type Route } from "./route.ts";
import { routes } from "./routes.ts";

/** Answers any request below `/api/v1`, `/api/health`, `/metrics` and `/a`. Never throws: every failure is an answer. */
export async function handleRest(api: Api, request: Request): Promise<Response> {
  if (request.method === "OPTIONS") return preflightResponse();
  return traceRequest(request, request.method, () => traced(api, request));
}

async function traced(api: Api, request: Request): Promise<Response> {
  const requestId = requestIdOf(request.headers);
  const before = performance.now();
  const answered = await answer(api, request, requestId);
  const { status } = answered.response;
  describeSpan(
    { "http.response.status_code": status, "http.route": answered.route },
    `${request.method} ${answered.route}`,
  );
  api.metrics.answered(
    { method: request.method, route: answered.route },
    { status, ms: performance.now() - before },
  );
  const body =
    request.method === "HEAD" ? await drop(answered.response.body) : answered.response.body;
  const response = new Response(body, answered.response);
  response.headers.set("x-request-id", requestId);
  response.headers.set("x-content-type-options", "nosniff");
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  if (answered.caller.kind !== "owner") allowAnyOrigin(response.headers);
  return response;
}

/** HEAD asks for the headers; whatever would make the body is let go. */
async function drop(body: ReadableStream | null): Promise<null> {
  await body?.cancel();
  return null;
}

async function answer(
  api: Api,
  request: Request,
  requestId: string,
): Promise<{ response: Response; caller: Caller; route: string }> {
  let caller: Caller = { kind: "anonymous" };
  let path = "unknown";
  try {
    const url = new URL(request.url);
    const { route, params } = findRoute(request.method, url.pathname);
    path = route.path;
    const origin = originOf(api, request.headers);
    const rest: RestRequest = { api, request, url, params, requestId, origin, routes };
    if (route.access === "public")
      return { response: await route.handle(rest), caller, route: path };
    caller = await authenticate(api, request.headers);
    const known = requireScope(caller, route.access);
    return { response: await route.handle(rest, known), caller, route: path };
  } catch (error) {
    return { response: problemResponse(error, requestId, api.log), caller, route: path };
  }
}

function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } {
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === null ? [] : [{ route, params }];
  });
  const wanted = method === "HEAD" ? "GET" : method;
  const found = matches.find(({ route }) => route.method === wanted);
  if (found !== undefined) return found;
  if (matches.length === 0) throw new AppError("not_found", `There is nothing at ${path}`);
  const methods = [...new Set(matches.map(({ route }) => route.method))].join(", ");
  throw new AppError("method_not_allowed", `${path} takes ${methods}, not ${method}`);
}
