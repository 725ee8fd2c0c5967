import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import {
  helpParam,
  labelParam,
  longText,
  nameParam,
  placeholderParam,
  requiredParam,
} from "../params.ts";
import { gives, textValue } from "../values.ts";

export const inputText = defineNode({
  type: "input-text",
  version: 1,
  title: "Text",
  group: "text",
  role: "input",
  help: "Words that whoever runs the workflow may change. They become a field in the form and in the API.",
  example:
    "Name it prompt, write “a small harbour at dusk”, and wire it wherever a text is needed.",
  keywords: ["prompt", "string", "words", "input", "field"],
  inputs: {},
  params: z.strictObject({
    value: longText().default("").meta({
      label: "Text",
      widget: "textarea",
      placeholder: "A small harbour at dusk",
      wirable: false,
      pinned: true,
    }),
    name: nameParam("text"),
    label: labelParam(),
    help: helpParam(),
    placeholder: placeholderParam(),
    multiline: z
      .boolean()
      .default(true)
      .meta({ label: "Several lines", help: "Off: the form shows a single line.", advanced: true }),
    required: requiredParam(),
  }),
  outputs: { text: one("text", "Text") },
  evaluate: ({ value }) => gives({ text: textValue(value) }),
});
