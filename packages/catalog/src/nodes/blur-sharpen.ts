import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { numberOf } from "../estimate.ts";
import { one } from "../outputs.ts";
import { image } from "../ports.ts";

export const blurSharpen = defineNode({
  type: "blur-sharpen",
  version: 1,
  title: "Blur or sharpen",
  group: "image",
  help: "Blurs a picture evenly, or brings out its edges.",
  example:
    "Sharpen with radius 1 and strength 80 after a resize; blur with radius 20 for a calm background.",
  keywords: ["gaussian", "soft", "unsharp mask", "focus", "detail", "edges"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    effect: z
      .enum(["blur", "sharpen"])
      .default("blur")
      .meta({ label: "Effect", options: { blur: "Blur", sharpen: "Sharpen" }, pinned: true }),
    radius: z.number().min(0).max(100).default(4).meta({
      label: "Radius",
      help: "0 leaves the picture as it is.",
      unit: "px",
      step: 0.1,
      widget: "slider",
      pinned: true,
    }),
    strength: z.number().min(0).max(500).default(100).meta({
      label: "Strength",
      help: "Sharpen only: 100 doubles the difference to the blurred picture.",
      unit: "%",
      step: 1,
      widget: "slider",
    }),
  }),
  outputs: { image: one("image", "Image") },
  op: "blur-sharpen",
  estimateMs: (params, inputMegapixels) => {
    const perRadius = 5 * numberOf(params, "radius", 4);
    const sharpening = params.effect === "sharpen" ? 40 : 0;
    return 10 + (55 + perRadius + sharpening) * inputMegapixels;
  },
});
