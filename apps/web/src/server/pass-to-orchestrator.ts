import { readEnv } from "../env.ts";
import { getApi } from "./get-api.ts";

const passedOn = ["authorization", "content-type", "content-length", "range", "traceparent"];
const passedBack = [
  "content-type",
  "content-length",
  "content-range",
  "accept-ranges",
  "last-modified",
];

/**
 * Route handler of `/runner/v1`: runners of other machines reach the orchestrator through the one public address. Bodies
 * flow both ways as they come, and a runner that hangs up is hung up on over there too, so that nothing is leased to it.
 * Who the runner is, and what it may have, the orchestrator decides.
 */
export async function passToOrchestrator(request: Request): Promise<Response> {
  const { ORCHESTRATOR_URL: orchestrator } = readEnv();
  const { pathname } = new URL(request.url);
  const { method, body, signal } = request;
  try {
    const answer = await fetch(new URL(pathname, orchestrator), {
      method,
      headers: only(request.headers, passedOn),
      ...(body === null ? {} : { body, duplex: "half" }),
      signal,
      redirect: "manual",
      cache: "no-store",
    });
    const headers = only(answer.headers, passedBack);
    headers.set("cache-control", "no-store");
    return new Response(answer.body, { status: answer.status, headers });
  } catch (error) {
    if (!signal.aborted)
      (await getApi()).log.warn({ err: error }, "the orchestrator does not answer");
    return Response.json(unavailable, {
      status: 503,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
    });
  }
}

const unavailable = {
  title: "Not available right now",
  status: 503,
  code: "unavailable",
  detail: "The orchestrator does not answer; try again",
};

function only(headers: Headers, names: readonly string[]): Headers {
  const kept = names.flatMap((name): [string, string][] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return new Headers(kept);
}
