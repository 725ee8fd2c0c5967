import type { Limits } from "../limits.ts";
import type { Value } from "../media.ts";
import type { Plan } from "../plan.ts";
import type { Problem } from "../problem.ts";

export interface CompileOptions {
  /** What the run brings, by input name; absent: the workflow's own values. */
  readonly inputs?: Readonly<Record<string, Value>>;
  /** True when the plan is to run now: an input without a value is a problem. False while editing. */
  readonly requireInputs: boolean;
  /** Node ids or output names. Absent: all output nodes, or all leaf nodes when there are none. */
  readonly targets?: readonly string[];
  readonly limits?: Limits;
  /** A fresh seed, an integer of at least 0, for a node whose seed is set to random. */
  readonly randomSeed: (nodeId: string) => number;
  /** Measured device time of this node type on these runners, milliseconds; wins over the type's own estimate. */
  readonly observedMs?: (type: string) => number | undefined;
}

export type CompileResult =
  /** `notices`: what is unfinished or left out, but not in the way of this plan. */
  | { readonly ok: true; readonly plan: Plan; readonly notices: Problem[] }
  | { readonly ok: false; readonly problems: Problem[] };
