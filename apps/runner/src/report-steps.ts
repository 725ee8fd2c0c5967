import type { OpContext } from "./op.ts";

/**
 * Tells how many steps are done of how many, and the time that is left: steps take the same time each. Work that goes on
 * from a checkpoint reports its first step with a number above one, and is timed from there.
 */
export function reportSteps({ progress }: OpContext): (done: number, total: number) => void {
  const begunAt = performance.now();
  let before: number | undefined;
  return (done, total) => {
    before ??= done - 1;
    const stepMs = (performance.now() - begunAt) / (done - before);
    progress("computing", done, total, stepMs * (total - done));
  };
}
