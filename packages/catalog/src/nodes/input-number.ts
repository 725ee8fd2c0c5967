import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { helpParam, labelParam, nameParam } from "../params.ts";
import { gives, numberValue } from "../values.ts";

const limit = 1e12;

function boundParam(label: string) {
  return z
    .number()
    .min(-limit)
    .max(limit)
    .nullable()
    .default(null)
    .meta({ label, help: "Empty: no bound.", wirable: false, advanced: true });
}

export const inputNumber = defineNode({
  type: "input-number",
  version: 1,
  title: "Number",
  group: "number",
  role: "input",
  help: "A number that whoever runs the workflow may change. With bounds it becomes a slider in the form.",
  example:
    "Name it strength, from 0 to 1 in steps of 0.05, and wire it into any parameter that takes a number.",
  keywords: ["slider", "integer", "float", "value", "input"],
  inputs: {},
  params: z
    .strictObject({
      value: z
        .number()
        .min(-limit)
        .max(limit)
        .default(1)
        .meta({ label: "Number", wirable: false, pinned: true }),
      name: nameParam("number"),
      label: labelParam(),
      help: helpParam(),
      min: boundParam("Smallest"),
      max: boundParam("Largest"),
      step: z.number().positive().max(limit).nullable().default(null).meta({
        label: "Step",
        help: "How far one press of an arrow key goes.",
        wirable: false,
        advanced: true,
      }),
      integer: z.boolean().default(false).meta({ label: "Whole numbers only", advanced: true }),
    })
    .refine(({ min, max }) => min === null || max === null || min <= max, {
      path: ["max"],
      error: "must not be below the smallest number",
    })
    .refine(({ value, min }) => min === null || value >= min, {
      path: ["value"],
      error: "must not be below the smallest number",
    })
    .refine(({ value, max }) => max === null || value <= max, {
      path: ["value"],
      error: "must not be above the largest number",
    })
    .refine(({ value, integer }) => !integer || Number.isSafeInteger(value), {
      path: ["value"],
      error: "must be a whole number",
    }),
  outputs: { number: one("number", "Number") },
  evaluate: ({ value }) => gives({ number: numberValue(value) }),
});
