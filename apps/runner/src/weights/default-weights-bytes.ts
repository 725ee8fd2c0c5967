import { totalmem } from "node:os";

/** A quarter of the machine's memory, 1 GiB at most: the built-in models take a fifth of that. */
export function defaultWeightsBytes(): number {
  return Math.min(2 ** 30, Math.floor(totalmem() / 4));
}
