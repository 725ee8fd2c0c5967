import { defaultLimits } from "@heddle/core";
import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { many } from "../outputs.ts";
import { gives, listValue, numberValue } from "../values.ts";

const limit = 1e12;
const maxValues = defaultLimits.fanOut;

export const sweep = defineNode({
  type: "sweep",
  version: 1,
  title: "Sweep",
  group: "flow",
  help: "Makes a list of numbers: evenly spaced between two ends, or the ones you write down. Wired into a parameter, the node runs once for each number.",
  example: "From 2 to 8 in 4 steps gives 2, 4, 6, 8: four pictures to compare on one sheet.",
  keywords: ["range", "numbers", "grid search", "compare", "variations", "for each", "list"],
  inputs: {},
  params: z
    .strictObject({
      by: z
        .enum(["range", "values"])
        .default("range")
        .meta({
          label: "Numbers",
          options: { range: "Evenly spaced", values: "As written" },
          wirable: false,
        }),
      from: z.number().min(-limit).max(limit).default(0).meta({ label: "From" }),
      to: z.number().min(-limit).max(limit).default(1).meta({ label: "To" }),
      count: z.int().min(1).max(maxValues).default(4).meta({
        label: "How many",
        help: "Both ends count: 4 from 2 to 8 gives 2, 4, 6, 8.",
        pinned: true,
      }),
      whole: z.boolean().default(false).meta({ label: "Round to whole numbers", advanced: true }),
      values: z.string().max(10_000).default("").meta({
        label: "Values",
        placeholder: "0.2, 0.5, 0.8",
        help: "Used as written: numbers separated by commas or spaces.",
      }),
    })
    .superRefine(({ by, values }, context) => {
      const problem = by === "values" ? valuesProblem(values) : null;
      if (problem !== null)
        context.addIssue({ code: "custom", path: ["values"], message: problem });
    }),
  outputs: { numbers: many("number", "Numbers") },
  evaluate: ({ by, from, to, count, whole, values }) => {
    const numbers = by === "values" ? readValues(values) : spread({ from, to, count });
    const rounded = whole ? numbers.map((number) => Math.round(number) + 0) : numbers;
    return gives({ numbers: listValue("number", rounded.map(numberValue)) });
  },
});

/** Both ends exactly; what lies between rounded to 12 digits, so that 0.1 steps read as people wrote them. */
function spread({ from, to, count }: { from: number; to: number; count: number }): number[] {
  if (count === 1) return [from];
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return from;
    if (index === count - 1) return to;
    return Number((from + (index * (to - from)) / (count - 1)).toPrecision(12));
  });
}

function readValues(values: string): number[] {
  return values
    .split(/[\s,;]+/)
    .filter((word) => word !== "")
    .map(Number);
}

function valuesProblem(values: string): string | null {
  const numbers = readValues(values);
  if (numbers.length === 0) return "must hold at least one number, for example 0.2, 0.5, 0.8";
  if (numbers.length > maxValues)
    return `must hold at most ${maxValues} numbers, got ${numbers.length}`;
  const inRange = numbers.every((number) => Math.abs(number) <= limit);
  return inRange ? null : "must hold numbers only, separated by commas, for example 0.2, 0.5, 0.8";
}
