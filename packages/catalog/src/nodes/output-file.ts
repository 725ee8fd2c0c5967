import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { oneOf } from "../outputs.ts";
import { labelParam, nameParam } from "../params.ts";
import { resultOf } from "../ports.ts";
import { gives } from "../values.ts";

export const outputFile = defineNode({
  type: "output-file",
  version: 1,
  title: "File output",
  group: "output",
  role: "output",
  help: "Names anything as a result of the workflow: a LoRA, a number, or whatever is wired in.",
  example:
    "Wire a LoRA into it and name it style: the API answers outputs.style with a link to the file.",
  keywords: ["result", "save", "download", "lora", "number", "any", "return"],
  inputs: { value: resultOf("any", { label: "Anything" }) },
  params: z.strictObject({ name: nameParam("file"), label: labelParam() }),
  outputs: { value: oneOf("value", "Anything") },
  evaluate: ({ value }) => gives({ value }),
});
