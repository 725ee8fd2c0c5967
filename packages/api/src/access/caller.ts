import { AppError } from "@heddle/core";

/** What an API key may do. `run` covers uploading, running and following runs; `read` looking; `manage` changing. */
export const scopes = ["run", "read", "manage"] as const;
export type Scope = (typeof scopes)[number];

/** Who asks. Every query is scoped by `workspaceId`, so what belongs to others is not found. */
export type Caller =
  | { readonly kind: "owner"; readonly workspaceId: string }
  | {
      readonly kind: "key";
      readonly workspaceId: string;
      readonly keyId: string;
      readonly scopes: readonly Scope[];
    }
  | { readonly kind: "anonymous" };

export type KnownCaller = Exclude<Caller, { kind: "anonymous" }>;

/** The caller, when they may do one of `anyOf`. Throws AppError `unauthenticated` or `forbidden`. */
export function requireScope(caller: Caller, anyOf: readonly Scope[]): KnownCaller {
  if (caller.kind === "anonymous") {
    throw new AppError("unauthenticated", "Send an API key: Authorization: Bearer hdl_live_…");
  }
  if (caller.kind === "key" && !anyOf.some((scope) => caller.scopes.includes(scope))) {
    throw new AppError(
      "forbidden",
      `This key lacks the scope ${anyOf.map((scope) => `"${scope}"`).join(" or ")}`,
    );
  }
  return caller;
}
