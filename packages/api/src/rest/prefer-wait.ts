import { AppError } from "@heddle/core";

export const maxWaitSeconds = 60;

/**
 * Seconds that the caller would wait for the run to end, from `Prefer: wait=N` (RFC 7240); more than 60 counts as 60, `wait`
 * alone means 60, absent means 0. Throws AppError `bad_request` for a wait that is no number.
 */
export function preferredWaitSeconds(headers: Headers): number {
  const preference = (headers.get("prefer") ?? "")
    .split(",")
    .map((one) => one.trim().toLowerCase())
    .find((one) => one === "wait" || /^wait\s*=/.test(one));
  if (preference === undefined) return 0;
  if (preference === "wait") return maxWaitSeconds;
  const seconds = /^wait\s*=\s*"?(\d{1,9})"?$/.exec(preference)?.[1];
  if (seconds === undefined)
    throw new AppError(
      "bad_request",
      "Prefer: wait must be a number of seconds, as in `Prefer: wait=30`",
    );
  return Math.min(Number(seconds), maxWaitSeconds);
}
