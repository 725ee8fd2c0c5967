import type { Op } from "./op.ts";

/**
 * The ops that a runner does, of all that it could. `names`: with commas between, or with a minus before each name all but
 * those; absent: all. A runner that never paints never loads what paints. Throws an Error for a name that is none, and for
 * nothing left.
 */
export function chooseOps(ops: readonly Op[], names: string | undefined): readonly Op[] {
  const parts = (names ?? "").split(",").flatMap((name) => name.trim() || []);
  if (parts.length === 0) return ops;
  const without = parts.every((part) => part.startsWith("-"));
  const wanted = new Set(parts.map((part) => (without ? part.slice(1) : part)));
  const unknown = [...wanted].filter((name) => !ops.some((op) => op.name === name));
  if (unknown.length > 0) {
    const known = ops.map(({ name }) => name).join(", ");
    throw new Error(
      `RUNNER_OPS names no op of this runner: ${unknown.join(", ")}; it has ${known}`,
    );
  }
  const chosen = ops.filter(({ name }) => wanted.has(name) !== without);
  if (chosen.length === 0) throw new Error("RUNNER_OPS leaves no op for this runner");
  return chosen;
}
