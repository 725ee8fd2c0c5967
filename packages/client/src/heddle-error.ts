import { z } from "zod";

const problemSchema = z.object({
  status: z.number(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z
    .array(
      z.object({
        path: z.string().default(""),
        message: z.string(),
        code: z.string().optional(),
        nodeId: z.string().optional(),
        portId: z.string().optional(),
      }),
    )
    .default([]),
});

/** One thing that was wrong with a request. `path` is where: `input.image`; empty: all of it. */
export type RequestProblem = z.infer<typeof problemSchema>["errors"][number];

interface Details {
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  /** Stable, snake_case: `invalid`, `not_found`, `unreachable`, … */
  readonly code: string;
  readonly requestId?: string | undefined;
  readonly problems?: readonly RequestProblem[];
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** A call that did not succeed, in the server's words. */
export class HeddleError extends Error {
  override readonly name = "HeddleError";
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly problems: readonly RequestProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, details: Details) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.problems = details.problems ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** The error that an answer stands for: problem JSON (RFC 9457), or whatever else a proxy in between said. */
export async function readError(response: Response): Promise<HeddleError> {
  const text = await response.text().catch(() => "");
  const retryAfterSeconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const common = {
    status: response.status,
    ...(Number.isFinite(retryAfterSeconds) && { retryAfterSeconds }),
  };
  const problem = problemSchema.safeParse(parseJson(text));
  if (!problem.success) {
    const message = `the server answered ${response.status} ${response.statusText}`.trim();
    return new HeddleError(message, { ...common, code: "unexpected_answer" });
  }
  const { detail, code, requestId, errors } = problem.data;
  return new HeddleError(detail, { ...common, code, requestId, problems: errors });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
