import type { NodeType } from "@heddle/core";

/** Reading, encoding as PNG and storing: measured on one core of a 2-core server, as are all estimates of ops on pictures. */
export const pictureMsPerMegapixel = 45;

/** A fixed start plus so many milliseconds for each megapixel that comes in. */
export function perMegapixel(ms: number): NodeType["estimateMs"] {
  return (_params, inputMegapixels) => 10 + ms * inputMegapixels;
}

/** A numeric parameter, for estimates; `fallback` when it is wired and so not known yet. */
export function numberOf(
  params: Parameters<NodeType["estimateMs"]>[0],
  name: string,
  fallback: number,
): number {
  const value = params[name];
  return typeof value === "number" ? value : fallback;
}
