import type { Position as Point } from "@heddle/core";

/** A cubic from an output to an input; its handles are three quarters of the distance, 16 to 48 px. */
export function wirePath(from: Point, to: Point): string {
  const reach = Math.min(48, Math.max(16, Math.abs(to.x - from.x) * 0.75));
  return `M${from.x} ${from.y}C${from.x + reach} ${from.y} ${to.x - reach} ${to.y} ${to.x} ${to.y}`;
}
