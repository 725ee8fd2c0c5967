import { totalmem } from "node:os";

/**
 * A quarter of the machine's memory, 1 GiB at most: the built-in models take a fifth of that. `share` (0–1]: the part of the
 * machine that this runner has.
 */
export function defaultWeightsBytes(share = 1): number {
  return Math.floor(Math.min(2 ** 30, totalmem() / 4) * share);
}
