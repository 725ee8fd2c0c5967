import { AppError } from "@heddle/core";

const retryAfterSeconds = 2;

/** Of the network, of Postgres, of Prisma: the database is away, starting, or has no connection left. */
const databaseAway =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[123]|53300|P1001|P1002|P1008|P1017|P2024|P2037)$/;
const databaseAwayMessage =
  /connection terminated|timeout exceeded when trying to connect|can't reach database/i;
const storeFull = /^(ENOSPC|EDQUOT|EROFS)$/;

/** The error as `unavailable` when it says that something we need is away for now, not that something is wrong; else null. */
export function asUnavailable(error: unknown): AppError | null {
  for (const cause of causes(error)) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (cause.name === "BlobStoreUnavailable")
      return unavailable("The file store cannot be reached right now; try again", error);
    if (storeFull.test(code) || cause.name === "BlobStoreFull")
      return unavailable("The file store cannot be written to right now", error);
    if (databaseAway.test(code) || databaseAwayMessage.test(cause.message)) {
      return unavailable(
        "The database cannot be reached right now; nothing was lost, try again",
        error,
      );
    }
  }
  return null;
}

function unavailable(message: string, cause: unknown): AppError {
  return new AppError("unavailable", message, { cause, retryAfterSeconds });
}

/** The error, what caused it, and what several at once are made of. */
function causes(error: unknown, depth = 5): Error[] {
  if (!(error instanceof Error) || depth === 0) return [];
  const several: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error, ...[error.cause, ...several].flatMap((cause) => causes(cause, depth - 1))];
}
