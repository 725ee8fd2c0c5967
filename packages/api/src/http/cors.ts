const exposed = [
  "Location",
  "Retry-After",
  "X-Request-Id",
  "ETag",
  "Content-Range",
  "Accept-Ranges",
  "Idempotency-Replayed",
];

/**
 * Lets a page of any origin read an answer: it had to bring a key, or the answer is public. Never set on what the local
 * owner gets without a key, or any page could read it.
 */
export function allowAnyOrigin(headers: Headers): void {
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", exposed.join(", "));
}

/** The answer to a preflight. It lets a page try; whether it may is decided by the key it brings. */
export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, PUT, DELETE",
      "access-control-allow-headers":
        "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Prefer, X-Request-Id",
      "access-control-max-age": "86400",
      vary: "Access-Control-Request-Headers",
    },
  });
}
