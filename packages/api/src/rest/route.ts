import type { z } from "zod";
import type { Api } from "../api.ts";
import type { KnownCaller, Scope } from "../access/caller.ts";

export interface RestRequest {
  readonly api: Api;
  readonly request: Request;
  readonly url: URL;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Origin for the links in the answer: the one that the caller reached us by. */
  readonly origin: string;
  readonly requestId: string;
  /** All routes, for those that describe them. */
  readonly routes: readonly Route[];
}

export interface AnsweredBody {
  readonly description: string;
  readonly contentType?: string;
  readonly schema?: z.ZodType;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What OpenAPI says of a call; the schemas are those that the handler parses with. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** Headers that the call understands, with their meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Body schemas by content type. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  readonly answers: Readonly<Record<number, AnsweredBody>>;
  /** Statuses of the problem answers that a caller should expect besides 401, 403 and 429. */
  readonly problems?: readonly number[];
}

interface RouteBase {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** OpenAPI template: `/api/v1/runs/{id}`. */
  readonly path: string;
  readonly operation: Operation;
}

/** Anybody may call it. */
export interface PublicRoute extends RouteBase {
  readonly access: "public";
  readonly handle: (request: RestRequest) => Promise<Response>;
}

/** Needs the local owner, or a key with one of these scopes. */
export interface ScopedRoute extends RouteBase {
  readonly access: readonly Scope[];
  readonly handle: (request: RestRequest, caller: KnownCaller) => Promise<Response>;
}

export type Route = PublicRoute | ScopedRoute;

/** The path parameters when `path` has the form of `template`, else null. A parameter is one segment that is not empty. */
export function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && segment !== part) return null;
    if (name !== undefined) {
      const value = decodeSegment(segment);
      if (value === null || value === "") return null;
      params[name] = value;
    }
  }
  return params;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
