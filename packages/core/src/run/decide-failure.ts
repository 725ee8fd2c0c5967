import { assertNever, type StepError } from "../errors.ts";

/** Runners that one step may take down before it counts as poison. */
export const poisonRunners = 3;
/** Attempts that may end by no fault of the step. */
export const maxInfraFailures = 5;
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

export type FailureDecision =
  | { readonly retry: true; readonly delayMs: number; readonly error: StepError }
  | { readonly retry: false; readonly error: StepError };

export interface FailedAttempt {
  readonly error: StepError;
  /** Attempts that ended by no fault of the step, this one included. */
  readonly infraFailures: number;
  /** Distinct runners that were lost with this step, this one included. */
  readonly lostRunners: number;
  /** Uniform in [0, 1). 1 gives the longest possible wait. */
  readonly random: number;
}

/**
 * Whether a failed attempt is tried again, and when: back-off with full jitter, 1 s doubling up to 60 s (Brooker,
 * "Exponential Backoff And Jitter", 2015). The first lost runner is no reason to wait: it was the machine's fault. Where
 * the other side said how long to wait (`retryAfterMs`), the back-off comes on top: not everybody returns at once.
 */
export function decideFailure(attempt: FailedAttempt): FailureDecision {
  const { error, infraFailures, lostRunners } = attempt;
  switch (error.class) {
    case "USER":
    case "TIMEOUT":
    case "POISON":
    case "CANCELED":
      return { retry: false, error };
    case "INFRA":
    case "RATE":
      break;
    default:
      return assertNever(error.class);
  }
  if (lostRunners >= poisonRunners) {
    const message = `${lostRunners} runners stopped while they worked on this; it is not tried again`;
    return { retry: false, error: { class: "POISON", code: "poison", message } };
  }
  if (infraFailures >= maxInfraFailures) {
    const message = `${error.message} (tried ${infraFailures} times)`;
    return { retry: false, error: { ...error, message } };
  }
  if (lostRunners === 1 && infraFailures === 1) return { retry: true, delayMs: 0, error };
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** (infraFailures - 1));
  const askedMs = error.class === "RATE" ? (error.retryAfterMs ?? 0) : 0;
  return { retry: true, delayMs: askedMs + Math.round(attempt.random * ceiling), error };
}
