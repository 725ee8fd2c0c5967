import { assert } from "../errors.ts";
import type { ListValue, ScalarValue, Value } from "../media.ts";
import type { PlanInput, PlanStep } from "../plan.ts";

/** What a finished step's output holds; undefined: not finished, or no such output. */
export type OutputOf = (stepId: string, port: string) => Value | undefined;

/**
 * The values that flow into a step once everything it needs has succeeded; a mapped input holds the whole list.
 * Throws (a bug) when an output is missing.
 */
export function resolveInputs(
  step: Pick<PlanStep, "inputs">,
  outputOf: OutputOf,
): Record<string, Value> {
  const entries = Object.entries(step.inputs).map(([name, input]) => [
    name,
    resolveInput(input, outputOf),
  ]);
  return Object.fromEntries(entries);
}

function resolveInput(input: PlanInput, outputOf: OutputOf): Value {
  switch (input.kind) {
    case "value":
      return input.value;
    case "step":
      return output(input, outputOf);
    case "list":
      return gather(input, outputOf);
  }
}

function output(
  input: { readonly step: string; readonly port: string },
  outputOf: OutputOf,
): Value {
  const value = outputOf(input.step, input.port);
  assert(value !== undefined, `step ${input.step} has no output ${input.port} yet`);
  return value;
}

/** Several wires as one flat list, in wire order: a list among them is spliced in. */
function gather(input: Extract<PlanInput, { kind: "list" }>, outputOf: OutputOf): ListValue {
  const items: ScalarValue[] = [];
  for (const item of input.items) {
    const value = item.kind === "value" ? item.value : output(item, outputOf);
    if (value.media === "list") items.push(...value.items);
    else items.push(value);
  }
  return { media: "list", of: input.of === "any" ? (items[0]?.media ?? "text") : input.of, items };
}
