import { randomUUID } from "node:crypto";

/** Names one request in answers and in the log. A caller's own id is taken over when it is short and plain. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9._-]{8,64}$/.test(given)
    ? given
    : `req_${randomUUID().replaceAll("-", "")}`;
}
