/** Somebody who wants a step. */
export interface Waiting {
  /** The higher goes first. */
  readonly priority: number;
  /** When it came, as a number that grows. */
  readonly arrival: number;
  /** When it came or had its last step, milliseconds. */
  readonly sinceMs: number;
}

/** Whoever has waited so long for a step is let before those of the next priority, so that nobody waits for ever. */
const agingMs = 20_000;

/**
 * Who takes the next step together: at most `cap`, by priority, among equals those who came first. Who has begun is no
 * better off than who has not, so a higher priority sets a lower one aside between two steps.
 */
export function chooseRows<Member extends Waiting>(
  members: Iterable<Member>,
  { cap, nowMs }: { readonly cap: number; readonly nowMs: number },
): Member[] {
  const rank = ({ priority, sinceMs }: Waiting) =>
    priority + Math.floor((nowMs - sinceMs) / agingMs);
  return [...members]
    .toSorted((first, second) => rank(second) - rank(first) || first.arrival - second.arrival)
    .slice(0, Math.max(1, cap));
}
