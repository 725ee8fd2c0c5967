import { AppError, appErrorTable, type Problem } from "@heddle/core";
import type { Log } from "@heddle/infra";
import { asUnavailable } from "./as-unavailable.ts";
import type { ProblemDocument } from "../wire/problem-document.ts";

/**
 * The answer to a request that failed: problem JSON (RFC 9457). An expected failure says everything its author can mend; any
 * other is a bug of ours: logged whole, answered with the request id and nothing else.
 */
export function problemResponse(failure: unknown, requestId: string, log: Log): Response {
  const away = AppError.is(failure) ? null : asUnavailable(failure);
  if (away !== null) log.warn({ err: failure, requestId }, away.message);
  const error = away ?? failure;
  const document = AppError.is(error)
    ? expected(error, requestId)
    : unexpected(error, requestId, log);
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  if (AppError.is(error) && error.retryAfterSeconds !== undefined) {
    headers.set("retry-after", String(Math.ceil(error.retryAfterSeconds)));
  }
  if (document.status === 401) headers.set("www-authenticate", "Bearer");
  return Response.json(document, { status: document.status, headers });
}

function expected(error: AppError, requestId: string): ProblemDocument {
  const { status, title } = appErrorTable[error.code];
  return {
    type: `urn:heddle:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    errors: error.problems.map(describeProblem),
  };
}

export function describeProblem(problem: Problem): ProblemDocument["errors"][number] {
  return {
    path: problem.path ?? "",
    message: problem.message,
    code: problem.code,
    ...(problem.nodeId === undefined ? {} : { nodeId: problem.nodeId }),
    ...(problem.portId === undefined ? {} : { portId: problem.portId }),
  };
}

function unexpected(error: unknown, requestId: string, log: Log): ProblemDocument {
  log.error({ err: error, requestId }, "a request failed unexpectedly");
  return {
    type: "urn:heddle:error:internal",
    title: "Something went wrong on our side",
    status: 500,
    detail: `This is not your fault. Ask with the request id ${requestId}`,
    code: "internal",
    requestId,
    errors: [],
  };
}
