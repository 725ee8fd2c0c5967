import { defaultLimits } from "@heddle/core";
import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { many } from "../outputs.ts";
import { helpParam, labelParam, longText, nameParam, requiredParam } from "../params.ts";
import { gives, listValue, textValue } from "../values.ts";

export const inputTexts = defineNode({
  type: "input-texts",
  version: 1,
  title: "Texts",
  group: "text",
  role: "input",
  help: "Several texts at once. Wired into a node that takes one text, the node runs for each of them.",
  example: "Good morning, Buenos días, Guten Morgen: Overlay text makes three cards.",
  keywords: ["prompts", "lines", "list", "batch", "input"],
  inputs: {},
  params: z.strictObject({
    value: z
      .array(longText())
      .max(defaultLimits.fanOut)
      .default([])
      .meta({ label: "Texts", help: "One on each line.", wirable: false, pinned: true }),
    name: nameParam("texts"),
    label: labelParam(),
    help: helpParam(),
    required: requiredParam(),
  }),
  outputs: { texts: many("text", "Texts") },
  evaluate: ({ value }) => gives({ texts: listValue("text", value.map(textValue)) }),
});
