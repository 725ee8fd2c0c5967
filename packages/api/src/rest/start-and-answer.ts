import { AppError, isTerminalRun } from "@heddle/core";
import { hashRequest, startRun, type StartRunOptions } from "../runs/start-run.ts";
import { waitForRun } from "../runs/wait-for-run.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import { preferredWaitSeconds } from "./prefer-wait.ts";
import type { Operation, RestRequest } from "./route.ts";

/** What every call that starts a run understands and answers. */
export const startsRun: Pick<Operation, "headers" | "answers" | "problems"> = {
  headers: {
    Prefer:
      "`wait=30`: answer when the run has ended, at the latest after so many seconds (at most 60)",
    "Idempotency-Key": "The same key with the same body makes one run, however often it is sent",
  },
  answers: {
    201: {
      description: "The run has ended",
      schema: runResultSchema,
      headers: { Location: "The run" },
    },
    202: {
      description: "The run was accepted and goes on",
      schema: runResultSchema,
      headers: { Location: "The run" },
    },
  },
  problems: [400, 404, 413, 415, 422, 429],
};

export interface StartAndAnswerOptions extends Omit<StartRunOptions, "idempotency" | "origin"> {
  /** The parsed body, which an idempotency key stands for. */
  readonly body: unknown;
}

/** Starts a run and answers 201 when it has ended within the wait that was asked for, 202 while it goes on. */
export async function startAndAnswer(
  rest: RestRequest,
  options: StartAndAnswerOptions,
): Promise<Response> {
  const { api, request, url, origin } = rest;
  const { body, ...start } = options;
  const waitSeconds = preferredWaitSeconds(request.headers);
  const key = idempotencyKeyOf(request.headers);
  const idempotency =
    key === undefined ? undefined : { key, bodyHash: hashRequest({ target: url.pathname, body }) };
  const { runId, created } = await startRun(api, { ...start, idempotency, origin });
  const runKey = { workspaceId: start.workspaceId, runId };
  const run = await waitForRun(api, runKey, { waitMs: waitSeconds * 1000, signal: request.signal });
  const headers = new Headers({ location: `${origin}/api/v1/runs/${runId}` });
  if (waitSeconds > 0) headers.set("preference-applied", `wait=${waitSeconds}`);
  if (!created) headers.set("idempotency-replayed", "true");
  const result = toRunResult(run, { origin, link: linkArtifacts(api, origin) });
  return Response.json(result, { status: isTerminalRun(run.status) ? 201 : 202, headers });
}

/** The caller's `Idempotency-Key`. Throws AppError `bad_request` when it is no short, plain text. */
function idempotencyKeyOf(headers: Headers): string | undefined {
  const key = headers.get("idempotency-key");
  if (key === null) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError(
      "bad_request",
      "Idempotency-Key must be 1 to 255 visible ASCII characters without spaces",
    );
  }
  return key;
}
