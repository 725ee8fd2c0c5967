import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { houseStyles } from "../models/house-styles.ts";
import { one } from "../outputs.ts";

export const styleLora = defineNode({
  type: "style-lora",
  version: 1,
  title: "House style",
  group: "lora",
  help: "A style that comes with Heddle, as a LoRA: wire it into the node that paints.",
  example: "Coastal ink into Text to image: the boat is drawn with a navy pen on sea-washed paper.",
  keywords: ["style", "adapter", "look", "built-in", "coastal", "ink", "riso", "print", "glow"],
  inputs: {},
  params: z.strictObject({
    style: z
      .enum(["coastal-ink", "risograph", "night-glow"])
      .default("coastal-ink")
      .meta({
        label: "Style",
        options: {
          "coastal-ink": "Coastal ink",
          risograph: "Risograph",
          "night-glow": "Night glow",
        },
        pinned: true,
      }),
  }),
  outputs: { lora: one("lora", "LoRA") },
  op: "style-lora",
  model: modelRef(houseStyles),
  // Reading a file of 300 KB and storing it.
  estimateMs: () => 15,
});
