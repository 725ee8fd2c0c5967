import { currentTraceparent, inSpan } from "@heddle/infra";

/**
 * Answers a request within a span of its own: a part of the one that the web framework has opened for it, else of the trace
 * that the request says it belongs to.
 */
export function traceRequest(
  request: Request,
  name: string,
  answer: () => Promise<Response>,
): Promise<Response> {
  const parent = currentTraceparent() ?? request.headers.get("traceparent");
  return inSpan(name, { parent, server: true }, answer);
}
