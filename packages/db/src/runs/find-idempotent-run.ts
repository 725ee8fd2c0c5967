import { AppError } from "@heddle/core";
import type { Database } from "../database.ts";

export interface FindIdempotentRunOptions {
  readonly workspaceId: string;
  readonly key: string;
  readonly bodyHash: string;
}

/**
 * The run that this key made, so that a repeated request is answered without doing its work again; null when the key is
 * new. Throws AppError `invalid` for a key that came with another body. `submitRun` decides when two come at once.
 */
export async function findIdempotentRun(
  database: Database,
  { workspaceId, key, bodyHash }: FindIdempotentRunOptions,
): Promise<string | null> {
  const earlier = await database.prisma.idempotencyKey.findUnique({
    where: { workspaceId_key: { workspaceId, key } },
  });
  if (earlier === null) return null;
  if (earlier.bodyHash !== bodyHash) {
    throw new AppError("invalid", "This Idempotency-Key was used before with another request body");
  }
  return earlier.runId;
}
