import { AppError, appErrorTable, type AppErrorCode, type Problem } from "@heddle/core";
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { requireScope, type Caller, type Scope } from "../access/caller.ts";
import { asUnavailable } from "../http/as-unavailable.ts";
import { invalidRequest } from "../http/parse-body.ts";
import type { Api } from "../api.ts";

export interface TrpcContext {
  readonly api: Api;
  readonly caller: Caller;
  readonly requestId: string;
}

/** What a failed procedure tells besides its message. */
export interface TrpcErrorData {
  readonly appCode: AppErrorCode | "internal" | "bad_input";
  readonly problems: readonly Problem[];
  readonly requestId: string;
}

const codes = {
  invalid: "UNPROCESSABLE_CONTENT",
  bad_request: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  method_not_allowed: "METHOD_NOT_SUPPORTED",
  conflict: "CONFLICT",
  too_large: "PAYLOAD_TOO_LARGE",
  unsupported_media: "UNSUPPORTED_MEDIA_TYPE",
  rate_limited: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
  // tRPC has no word for 507; the status that is sent is the table's.
  storage_full: "PAYLOAD_TOO_LARGE",
} as const satisfies Record<AppErrorCode, TRPCError["code"]>;

const trpc = initTRPC.context<TrpcContext>().create({
  errorFormatter: ({ shape, error, ctx }) => {
    const { cause } = error;
    const expected = AppError.is(cause) ? cause : undefined;
    const bug = expected === undefined && error.code === "INTERNAL_SERVER_ERROR";
    const { stack: _, ...data } = shape.data;
    const told: TrpcErrorData = {
      appCode: expected?.code ?? (bug ? "internal" : "bad_input"),
      problems: expected?.problems ?? [],
      requestId: ctx?.requestId ?? "",
    };
    return {
      ...shape,
      message: bug ? `Something went wrong on our side (request ${told.requestId})` : shape.message,
      data: {
        ...data,
        ...told,
        httpStatus: expected === undefined ? data.httpStatus : appErrorTable[expected.code].status,
      },
    };
  },
});

export const { router } = trpc;

/** Turns an expected error into the one that tRPC answers with its status. */
const mapErrors = trpc.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const cause = asExpected(result.error.cause);
  if (cause === null) return result;
  throw new TRPCError({ code: codes[cause.code], message: cause.message, cause });
});

function asExpected(cause: unknown): AppError | null {
  if (AppError.is(cause)) return cause;
  return cause instanceof z.ZodError ? invalidRequest(cause) : asUnavailable(cause);
}

/** Anybody may call it. */
export const publicProcedure = trpc.procedure.use(mapErrors);

/** Needs the local owner, or a key with one of these scopes; `ctx.workspaceId` is theirs. */
export function scopedProcedure(...anyOf: readonly Scope[]) {
  return publicProcedure.use(({ ctx, next }) => {
    const { workspaceId } = requireScope(ctx.caller, anyOf);
    return next({ ctx: { ...ctx, workspaceId } });
  });
}
