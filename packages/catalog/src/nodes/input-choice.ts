import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { helpParam, labelParam, nameParam } from "../params.ts";
import { gives, textValue } from "../values.ts";

export const inputChoice = defineNode({
  type: "input-choice",
  version: 1,
  title: "Choice",
  group: "text",
  role: "input",
  help: "One of several texts that you write down. The form shows a menu, and the API refuses anything else.",
  example:
    "Options watercolour, ink, neon: the chosen word goes on as a text, for example into a template.",
  keywords: ["select", "menu", "option", "enum", "style"],
  inputs: {},
  params: z
    .strictObject({
      value: z
        .string()
        .max(200)
        .default("One")
        .meta({ label: "Chosen", widget: "select", wirable: false, pinned: true }),
      options: z
        .array(z.string().trim().min(1, "must not hold an empty option").max(200))
        .min(1)
        .max(100)
        .default(["One", "Two"])
        .meta({ label: "Options", help: "One on each line.", wirable: false }),
      name: nameParam("choice"),
      label: labelParam(),
      help: helpParam(),
    })
    .refine(({ options }) => new Set(options).size === options.length, {
      path: ["options"],
      error: "must not name the same option twice",
    })
    .superRefine(({ value, options }, context) => {
      if (options.includes(value)) return;
      context.addIssue({
        code: "custom",
        path: ["value"],
        message: `must be one of ${options.join(", ")}`,
      });
    }),
  outputs: { text: one("text", "Chosen") },
  evaluate: ({ value }) => gives({ text: textValue(value) }),
});
