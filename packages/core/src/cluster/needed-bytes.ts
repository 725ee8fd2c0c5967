import type { Runner, WeightsRef } from "./cluster-types.ts";

/** Bytes that weights take on a runner, each file once: as it says of what it holds, else as the file is. */
export function neededBytes(runner: Runner, refs: readonly WeightsRef[]): number {
  const [only] = refs;
  if (only === undefined) return 0;
  if (refs.length === 1) return sizeOn(runner, only);
  const sizes = new Map(refs.map((ref) => [ref.hash, sizeOn(runner, ref)]));
  let sum = 0;
  for (const bytes of sizes.values()) sum += bytes;
  return sum;
}

function sizeOn(runner: Runner, { hash, sizeBytes }: WeightsRef): number {
  return (runner.models.get(hash) ?? runner.adapters.get(hash))?.sizeBytes ?? sizeBytes;
}
