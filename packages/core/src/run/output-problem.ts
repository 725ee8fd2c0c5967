import { describePort, type PortType, type Value } from "../media.ts";
import type { PlanStep } from "../plan.ts";

/**
 * What is wrong with the outputs that a step (`item` null) or an item of a mapped step gave: one is missing, of another
 * media type, a list where one value was declared, or not declared. Null: nothing. To be asked before anything from
 * outside is kept: what follows relies on the plan's types.
 */
export function outputProblem(
  step: Pick<PlanStep, "outputs">,
  outputs: Readonly<Record<string, Value>>,
  item: number | null,
): string | null {
  for (const [name, declared] of Object.entries(step.outputs)) {
    const type = item === null ? declared : { ...declared, list: false };
    const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
    if (value === undefined) return `output ${name} is missing`;
    if (!isOfType(value, type)) return `output ${name} is not ${describePort(type)}`;
  }
  const extra = Object.keys(outputs).find((name) => !Object.hasOwn(step.outputs, name));
  return extra === undefined ? null : `there is no output ${extra}`;
}

function isOfType(value: Value, type: PortType): boolean {
  if (value.media !== "list") return !type.list && fits(value.media, type);
  const { of } = value;
  return type.list && fits(of, type) && value.items.every(({ media }) => media === of);
}

function fits(media: string, type: PortType): boolean {
  return type.media === "any" || type.media === media;
}
