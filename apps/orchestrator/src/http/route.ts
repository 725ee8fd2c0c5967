import type { IncomingMessage, ServerResponse } from "node:http";
import type { RunnerIdentity } from "@heddle/db";
import type { z } from "zod";

/** Who calls, and whether they still listen. */
export interface Caller {
  readonly identity: RunnerIdentity;
  /** Throws AppError `unauthenticated` when the token was revoked since the call came. */
  check(this: void): Promise<void>;
  /** Aborted when nobody reads the answer any more. */
  readonly signal: AbortSignal;
  /** W3C trace context that came with the call. */
  readonly traceparent: string | undefined;
}

/** One POST: what its body may be, and what is answered. */
export interface Route {
  readonly maxBytes: number;
  /** Throws ZodError for a body of the wrong shape. */
  answer(body: unknown, caller: Caller): Promise<unknown>;
}

interface RouteShape<Body> {
  readonly schema: z.ZodType<Body>;
  readonly maxBytes: number;
}

export function route<Body>(
  { schema, maxBytes }: RouteShape<Body>,
  handle: (body: Body, caller: Caller) => Promise<unknown>,
): Route {
  return { maxBytes, answer: (body, caller) => handle(schema.parse(body), caller) };
}

/** Files that are read and written as they are, below a path that ends with a slash. */
export interface FileRoute {
  readonly prefix: string;
  /** Answers, or throws before it has begun to. `rest`: the path after the prefix. */
  handle(exchange: FileExchange): Promise<void>;
}

export interface FileExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly rest: string;
  readonly identity: RunnerIdentity;
}
