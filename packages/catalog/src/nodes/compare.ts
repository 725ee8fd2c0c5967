import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { percentParam } from "../params.ts";
import { image } from "../ports.ts";

export const compare = defineNode({
  type: "compare",
  version: 1,
  title: "Compare",
  group: "image",
  help: "Shows two pictures in one: side by side, divided by a line, or as their difference. The first takes the size of the second.",
  example:
    "A small photo before and its upscaled version after, split at 50, shows what was gained.",
  keywords: ["before", "after", "difference", "split", "side by side", "diff", "versus"],
  inputs: {
    before: image({ label: "Before" }),
    after: image({ label: "After", help: "Decides the size." }),
  },
  params: z.strictObject({
    view: z
      .enum(["split", "side-by-side", "difference"])
      .default("split")
      .meta({
        label: "View",
        options: {
          split: "Divided by a line",
          "side-by-side": "Side by side",
          difference: "Difference",
        },
        pinned: true,
      }),
    position: percentParam(50, { label: "Line at", help: "Divided only: from the left edge." }),
    gain: z.number().min(1).max(50).default(4).meta({
      label: "Gain",
      help: "Difference only: small differences become visible.",
      unit: "×",
      step: 1,
      widget: "slider",
    }),
    kernel: z
      .enum(["cubic", "nearest"])
      .default("cubic")
      .meta({
        label: "Enlarge the first",
        help: "When the sizes differ.",
        options: { cubic: "Smoothly", nearest: "With hard pixels" },
        advanced: true,
      }),
  }),
  outputs: { image: one("image", "Comparison") },
  bypass: { image: "after" },
  op: "compare",
  estimateMs: perMegapixel(75),
});
