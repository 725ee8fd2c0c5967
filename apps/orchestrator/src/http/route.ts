import type { z } from "zod";

/** One POST: what its body may be, and what is answered. */
export interface Route {
  readonly maxBytes: number;
  /** Throws ZodError for a body of the wrong shape. `signal` is aborted when nobody reads the answer any more. */
  answer(body: unknown, signal: AbortSignal): Promise<unknown>;
}

interface RouteShape<Body> {
  readonly schema: z.ZodType<Body>;
  readonly maxBytes: number;
}

export function route<Body>(
  { schema, maxBytes }: RouteShape<Body>,
  handle: (body: Body, signal: AbortSignal) => Promise<unknown>,
): Route {
  return { maxBytes, answer: (body, signal) => handle(schema.parse(body), signal) };
}
