import { describe, expect, it } from "vitest";
import { decideFailure, type FailedAttempt } from "./decide-failure.ts";

const infra = { class: "INFRA" as const, code: "disk_full", message: "The disk is full" };
const rate = { ...infra, class: "RATE" as const, code: "too_many_requests" };

function delayMs(attempt: Partial<FailedAttempt>): number {
  const decision = decideFailure({
    error: infra,
    infraFailures: 1,
    lostRunners: 0,
    random: 1,
    ...attempt,
  });
  if (!decision.retry) throw new Error("It would not be tried again");
  return decision.delayMs;
}

describe("the wait before another attempt", () => {
  it("R5: has full jitter: anything from nothing to a ceiling that doubles from 1 s", () => {
    for (const [infraFailures, ceilingMs] of [1_000, 2_000, 4_000, 8_000].entries()) {
      const attempt = { infraFailures: infraFailures + 1 };
      expect(delayMs({ ...attempt, random: 0 })).toBe(0);
      expect(delayMs({ ...attempt, random: 0.25 })).toBe(ceilingMs / 4);
      expect(delayMs(attempt)).toBe(ceilingMs);
    }
  });

  it("R5: is at least what the other side asked for, when there were too many requests", () => {
    const error = { ...rate, retryAfterMs: 30_000 };
    expect(delayMs({ error, random: 0 })).toBe(30_000);
    expect(delayMs({ error, random: 1 })).toBe(31_000);
    expect(delayMs({ error: { ...infra, retryAfterMs: 30_000 }, random: 0 })).toBe(0);
  });
});
