import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { houseTextToImage } from "../models/house-text-to-image.ts";
import { one } from "../outputs.ts";
import { lora } from "../ports.ts";

export const loraStrength = defineNode({
  type: "lora-strength",
  version: 1,
  title: "LoRA strength",
  group: "lora",
  help: "Makes one LoRA act more or less, so that several can be mixed by weight. Below zero it does the opposite.",
  example: "Two styles at 60 % and 40 %, both wired into Text to image: one picture in between.",
  keywords: ["weight", "scale", "mix", "blend", "merge", "style", "adapter", "multiply"],
  inputs: { lora: lora({ label: "LoRA" }) },
  params: z.strictObject({
    strength: z.number().min(-100).max(200).default(60).meta({
      label: "Strength",
      help: "100 leaves it as it is, 0 makes it do nothing.",
      unit: "%",
      step: 1,
      widget: "slider",
      pinned: true,
    }),
  }),
  outputs: { lora: one("lora", "LoRA") },
  bypass: { lora: "lora" },
  op: "lora-strength",
  // Which layers there are is that model's affair.
  model: modelRef(houseTextToImage),
  // Reading a megabyte, multiplying and storing it.
  estimateMs: () => 80,
});
