import { timingSafeEqual } from "node:crypto";
import { AppError } from "@heddle/core";
import {
  findRunnerToken,
  isRunnerToken,
  secretHash,
  type Database,
  type RunnerIdentity,
} from "@heddle/db";

/** Tells whose token an `Authorization` header carries. Throws AppError `unauthenticated`. */
export type IdentifyRunner = (authorization: string | undefined) => Promise<RunnerIdentity>;

const ownRunner: RunnerIdentity = { tokenId: null, workspaceId: null };

/**
 * `ownToken`: what the runners of this server itself show; it costs no look at the database. Others are looked up at every
 * call, so that one that was revoked is refused from the next call on.
 */
export function createIdentifyRunner(database: Database, ownToken: string): IdentifyRunner {
  const ownHash = Buffer.from(secretHash(ownToken));
  return async (authorization) => {
    const token = /^Bearer +(\S.*)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) throw refused("Send a runner token: Authorization: Bearer hdl_run_…");
    const hash = secretHash(token);
    // By hash, so that the time it takes tells nothing of the token.
    if (timingSafeEqual(Buffer.from(hash), ownHash)) return ownRunner;
    if (!isRunnerToken(token))
      throw refused(
        "This is not a runner token: those start with hdl_run_ and end with a checksum",
      );
    const identity = await findRunnerToken(database, hash);
    if (identity === null)
      throw refused("This runner token does not exist, or it was revoked; make another one");
    return identity;
  };
}

function refused(message: string): AppError {
  return new AppError("unauthenticated", message);
}
