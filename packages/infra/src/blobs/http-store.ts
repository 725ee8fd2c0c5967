import { setTimeout as delay } from "node:timers/promises";
import { BlobStoreUnavailable } from "./blob-store.ts";

export interface HttpStoreOptions {
  /** Where runners reach the server: `https://heddle.example.org`. */
  readonly serverUrl: string;
  /** A runner token. */
  readonly token: string;
  /** Milliseconds before each further try; default: five of them, 7.7 s together, in which a server starts again. */
  readonly pausesMs?: readonly number[] | undefined;
}

export interface HttpStoreRequest {
  /** Below `/runner/v1/`. */
  readonly path: string;
  readonly method?: "GET" | "HEAD" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

const defaultPausesMs = [200, 500, 1_000, 2_000, 4_000];

/**
 * Sends a request and reads its answer, again when there was none or the server could not give one: what a runner has
 * computed must not be lost because its server starts again. 404 is an answer: null. Throws `BlobStoreUnavailable`.
 */
export async function askHttpStore<Answer>(
  options: HttpStoreOptions,
  request: HttpStoreRequest,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer | null> {
  const { pausesMs = defaultPausesMs } = options;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const response = await fetch(...toFetch(options, request));
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) throw await toRefusal(response);
      return await read(response);
    } catch (error) {
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined || error instanceof Refusal) throw toUnavailable(error);
      await delay(pauseMs);
    }
  }
}

/** Asking again would be answered the same. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

async function toRefusal(response: Response): Promise<Error> {
  const text = (await response.text()).slice(0, 500);
  const message = `the server answered ${response.status}: ${text}`;
  return response.status < 500 ? new Refusal(message) : new Error(message);
}

function toUnavailable(error: unknown): BlobStoreUnavailable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new BlobStoreUnavailable(cause instanceof Error ? cause.message : String(cause), error);
}

function toFetch(
  { serverUrl, token }: HttpStoreOptions,
  { path, method = "GET", headers, body }: HttpStoreRequest,
): [URL, RequestInit] {
  const authorization = `Bearer ${token}`;
  const init = { method, headers: { ...headers, authorization }, ...(body && { body }) };
  return [new URL(`/runner/v1/${path}`, serverUrl), init];
}
