import { AppError } from "@heddle/core";

export interface ForwardOptions {
  /** Where the answer is: `http://10.0.0.5:3001`. */
  readonly url: string;
  readonly path: string;
  /** Of who asks; passed on as it is. */
  readonly authorization: string | undefined;
  /** W3C trace context of who asks. */
  readonly traceparent: string | undefined;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

export interface Forwarded {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Marks a request that was passed on, so that two processes which each take the other for the leader do not play ball. */
export const forwardedHeader = "x-heddle-forwarded";

/** Passes a POST on to another orchestrator. Throws AppError `unavailable` when that does not answer. */
export async function forward(options: ForwardOptions): Promise<Forwarded> {
  const { url, path, authorization, traceparent, body, signal } = options;
  try {
    const response = await fetch(new URL(path, url), {
      method: "POST",
      headers: {
        ...(authorization !== undefined && { authorization }),
        ...(traceparent !== undefined && { traceparent }),
        "content-type": "application/json",
        [forwardedHeader]: "1",
      },
      body: JSON.stringify(body),
      signal,
    });
    const contentType = response.headers.get("content-type") ?? "application/json";
    return { status: response.status, contentType, text: await response.text() };
  } catch (error) {
    throw new AppError(
      "unavailable",
      `The orchestrator that dispatches, at ${url}, does not answer`,
      {
        cause: error,
      },
    );
  }
}
