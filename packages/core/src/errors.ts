import type { Problem } from "./problem.ts";

/** How an expected error is answered over HTTP and tRPC; one row per code, exhaustive by type. */
export const appErrorTable = {
  invalid: { status: 422, title: "The request is not valid" },
  bad_request: { status: 400, title: "The request cannot be read" },
  unauthenticated: { status: 401, title: "A valid API key is needed" },
  forbidden: { status: 403, title: "This key may not do that" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "This address does not take that method" },
  conflict: { status: 409, title: "Somebody changed this first" },
  too_large: { status: 413, title: "Too large" },
  unsupported_media: { status: 415, title: "This kind of file is not supported" },
  rate_limited: { status: 429, title: "Too many requests" },
  unavailable: { status: 503, title: "Not available right now" },
  storage_full: { status: 507, title: "The workspace has no room left" },
} as const satisfies Record<string, { status: number; title: string }>;
export type AppErrorCode = keyof typeof appErrorTable;

export interface AppErrorOptions {
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
  readonly retryAfterSeconds?: number;
}

/** An expected failure with a clear message for whoever asked. Anything else that is thrown is a bug. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: AppErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: AppErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Marker check: `instanceof` fails across bundles. */
  static is(error: unknown): error is AppError {
    return error instanceof Error && error.name === "AppError" && "code" in error;
  }
}

/** Why a step failed; decides whether it is tried again and who pays. */
export const stepErrorClasses = ["USER", "INFRA", "POISON", "RATE", "TIMEOUT", "CANCELED"] as const;
export type StepErrorClass = (typeof stepErrorClasses)[number];

export interface StepError {
  readonly class: StepErrorClass;
  /** Stable, snake_case: `image_too_large`, `runner_lost`. */
  readonly code: string;
  readonly message: string;
  readonly portId?: string;
  /** RATE only: what the other side asked to wait, milliseconds. */
  readonly retryAfterMs?: number;
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

export function assertNever(value: never): never {
  throw new Error(`Assertion failed: unexpected ${JSON.stringify(value)}`);
}
