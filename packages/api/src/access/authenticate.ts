import { AppError } from "@heddle/core";
import { findApiKey, isApiKey, localWorkspaceId, secretHash } from "@heddle/db";
import type { Api } from "../api.ts";
import type { Caller } from "./caller.ts";
import { isSameOrigin } from "./is-same-origin.ts";

/**
 * Tells who sends a request: the holder of an API key, the local owner, or nobody known. A key that is given counts, also
 * from this machine. Throws AppError `unauthenticated` for a key that is malformed, unknown or revoked.
 */
export async function authenticate(api: Api, headers: Headers): Promise<Caller> {
  const authorization = headers.get("authorization");
  if (authorization !== null) return authenticateKey(api, authorization);
  if (api.localOwner && isSameOrigin(headers))
    return { kind: "owner", workspaceId: localWorkspaceId };
  return { kind: "anonymous" };
}

async function authenticateKey(api: Api, authorization: string): Promise<Caller> {
  const key = /^(?:Bearer|Key) +(\S+) *$/i.exec(authorization)?.[1];
  if (key === undefined) {
    throw new AppError(
      "unauthenticated",
      "The Authorization header must be `Bearer <API key>` or `Key <API key>`",
    );
  }
  if (isLocalKey(api, key)) return { kind: "owner", workspaceId: localWorkspaceId };
  if (!isApiKey(key)) {
    throw new AppError(
      "unauthenticated",
      "This is not an API key of Heddle: those start with hdl_live_ and end with a checksum",
    );
  }
  const found = await findApiKey(api.database, secretHash(key));
  if (found === null)
    throw new AppError("unauthenticated", "This API key does not exist, or it was revoked");
  return { kind: "key", workspaceId: found.workspaceId, keyId: found.id, scopes: found.scopes };
}

/** Compared by hash, so that the time it takes tells nothing of the key. */
function isLocalKey({ localKey }: Api, key: string): boolean {
  return localKey !== undefined && secretHash(key) === secretHash(localKey);
}
