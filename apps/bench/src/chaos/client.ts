import { setTimeout as wait } from "node:timers/promises";
import type { Document } from "@heddle/core";
import { z } from "zod";

/** What one accepted request has come to. */
export interface Accepted {
  readonly key: string;
  readonly runId: string;
  /** Requests that it took; more than one: the first ones failed, or nobody answered them. */
  readonly tries: number;
}

const answerSchema = z.object({ run: z.object({ id: z.string() }) });
const pauseMs = 200;
/** That one request may take. Milliseconds. */
const answerMs = 30_000;

/**
 * Sends a run until it is accepted, each time with the same idempotency key, as a careful client does. Throws when it is
 * refused for good, or not accepted within `patienceMs`.
 */
export async function submit(
  webUrl: string,
  { key, document }: { readonly key: string; readonly document: Document },
  patienceMs = 120_000,
): Promise<Accepted> {
  const until = performance.now() + patienceMs;
  let last = "";
  for (let tries = 1; performance.now() < until; tries += 1) {
    const response = await post(webUrl, key, { document });
    if (typeof response === "string") {
      last = response;
      await wait(pauseMs);
      continue;
    }
    if (response.status === 201 || response.status === 202)
      return { key, runId: answerSchema.parse(response.body).run.id, tries };
    last = `${response.status} ${JSON.stringify(response.body)}`;
    if (response.status < 500) break;
    await wait(pauseMs);
  }
  throw new Error(`The run ${key} was not accepted: ${last}`);
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterSeconds: number | null;
}

/** One request. A string: there was no answer, and why. */
export async function post(webUrl: string, key: string, body: unknown): Promise<Answer | string> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new Error("No answer")), answerMs);
  try {
    const response = await fetch(`${webUrl}/api/v1/runs`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: typeof body === "string" ? body : JSON.stringify(body),
      signal: patience.signal,
    });
    const text = await response.text();
    const retryAfter = response.headers.get("retry-after");
    return {
      status: response.status,
      body: text.startsWith("{") ? JSON.parse(text) : text,
      retryAfterSeconds: retryAfter === null ? null : Number(retryAfter),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    return `${String(error)} ${cause}`;
  } finally {
    clearTimeout(timer);
  }
}
