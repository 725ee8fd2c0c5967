import type { z } from "zod";
import type { ClientOptions } from "./create-client.ts";
import { HeddleError, readError } from "./heddle-error.ts";

const attempts = 3;
const firstBackOffMs = 300;
const longestRetryAfterSeconds = 30;

export interface Requester {
  /** The JSON of an answer, as `schema` reads it. */
  json<T>(schema: z.ZodType<T>, path: string, init?: Init): Promise<T>;
  /** A successful answer as it is. `path` may be a whole URL. */
  raw(path: string, init?: Init): Promise<Response>;
}

type Init = Omit<RequestInit, "signal" | "headers"> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/** Sends requests with the key, tries again what may be sent twice, and makes errors of answers that are none. */
export function createRequester(options: ClientOptions): Requester {
  const server = options.server.replace(/\/+$/, "");
  const send = options.fetch ?? fetch;

  async function raw(path: string, init: Init = {}): Promise<Response> {
    const url = /^https?:/.test(path) ? path : `${server}${path}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(url, init);
      } catch (error) {
        if (attempt === attempts || !mayTryAgain(error, init)) throw error;
        await pause(error, attempt);
      }
    }
  }

  async function once(url: string, { signal, headers, ...init }: Init): Promise<Response> {
    // The key is for the server alone, wherever a link leads.
    const withKey = options.key !== undefined && url.startsWith(`${server}/`);
    const all = { ...headers, ...(withKey && { authorization: `Bearer ${options.key}` }) };
    const response = await connect(url, { ...init, headers: all, signal: signal ?? null });
    if (!response.ok) throw await readError(response);
    return response;
  }

  async function connect(url: string, init: RequestInit): Promise<Response> {
    try {
      return await send(url, init);
    } catch (cause) {
      if (init.signal?.aborted === true) throw cause;
      throw new HeddleError(`no answer from ${server}`, { status: 0, code: "unreachable", cause });
    }
  }

  return {
    raw,
    json: async (schema, path, init) => {
      const response = await raw(path, init);
      const text = response.status === 204 ? "null" : await response.text();
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      const where = parsed.error.issues[0]?.path.join(".") ?? "";
      throw new HeddleError(`the server's answer to ${path} is not understood (${where})`, {
        status: response.status,
        code: "unexpected_answer",
        cause: parsed.error,
      });
    },
  };
}

/** Reading is harmless, and so is a POST that carries an idempotency key. */
function mayTryAgain(error: unknown, { method = "GET", headers }: Init): boolean {
  const repeatable = method === "GET" || headers?.["idempotency-key"] !== undefined;
  if (!repeatable || !(error instanceof HeddleError)) return false;
  return error.status === 503 || (error.status === 0 && !isRefused(error));
}

/** Nobody listens there: trying again at once does not help, and the person waits for a word. */
function isRefused(error: HeddleError): boolean {
  const cause = error.cause instanceof Error ? error.cause.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}

async function pause(error: unknown, attempt: number): Promise<void> {
  const asked = error instanceof HeddleError ? error.retryAfterSeconds : undefined;
  const ms =
    asked === undefined
      ? firstBackOffMs * 2 ** (attempt - 1)
      : Math.min(asked, longestRetryAfterSeconds) * 1000;
  await new Promise((resolve) => setTimeout(resolve, ms));
}
