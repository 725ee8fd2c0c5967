import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { fileParam, helpParam, labelParam, nameParam } from "../params.ts";
import { fileValue, gives, refuses } from "../values.ts";

export const inputLora = defineNode({
  type: "input-lora",
  version: 1,
  title: "LoRA file",
  group: "lora",
  role: "input",
  help: "A trained style or subject, as a .safetensors file, that bends what a model draws.",
  example: "Load coastal-ink.safetensors and wire it into the node that makes the picture.",
  keywords: ["style", "adapter", "safetensors", "fine-tune", "load", "input"],
  inputs: {},
  params: z.strictObject({
    value: fileParam("lora", "LoRA"),
    name: nameParam("lora"),
    label: labelParam(),
    help: helpParam(),
  }),
  outputs: { lora: one("lora", "LoRA") },
  evaluate: ({ value }) =>
    value === null
      ? refuses("Choose a LoRA file first.", "value")
      : gives({ lora: fileValue("lora", value) }),
});
