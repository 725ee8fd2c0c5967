import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { labelParam, nameParam } from "../params.ts";
import { resultOf } from "../ports.ts";
import { gives } from "../values.ts";

export const outputText = defineNode({
  type: "output-text",
  version: 1,
  title: "Text output",
  group: "output",
  role: "output",
  help: "Names a text as a result of the workflow. It is shown on the share page and comes back from the API.",
  example: "Name it caption: the API answers outputs.caption with the words themselves.",
  keywords: ["result", "save", "words", "return"],
  inputs: { value: resultOf("text", { label: "Text" }) },
  params: z.strictObject({ name: nameParam("text"), label: labelParam() }),
  outputs: { value: one("text", "Text") },
  evaluate: ({ value }) => gives({ value }),
});
