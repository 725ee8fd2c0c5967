import { dollars, roughSeconds } from "../../words/amounts.ts";
import type { PreviewTotal } from "./preview-store.ts";

/** `~2.1 s · $0.0004 · 3 of 7 reused`; `all reused` when nothing would run. */
export function totalWords({ estimate, steps, reused }: PreviewTotal): string {
  if (steps > 0 && reused === steps) return "all reused";
  const parts = [roughSeconds(estimate.deviceMs), dollars(estimate.costUsd)];
  if (reused > 0) parts.push(`${reused} of ${steps} reused`);
  return parts.join(" · ");
}
