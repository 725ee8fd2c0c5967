import type { ReadyStep } from "./cluster-types.ts";

/** A step at the head of its workspace's queue, and where that is in the fair order. A value: made anew with each change. */
export interface Turn {
  /** Device time charged to the workspace so far: the least goes first. */
  readonly chargedMs: number;
  readonly step: ReadyStep;
}

/** The fair order. Among equals the one that waits longest; the id decides last, so that nothing is left to chance. */
export function compareTurns(first: Turn, second: Turn): number {
  return first.chargedMs - second.chargedMs || compareSteps(first.step, second.step);
}

/** The order within one workspace and priority. */
export function compareSteps(first: ReadyStep, second: ReadyStep): number {
  return first.readyAtMs - second.readyAtMs || compareText(first.id, second.id);
}

/** By code unit: the same on every machine. */
export function compareText(first: string, second: string): number {
  return first < second ? -1 : Number(first > second);
}
