import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { signedPercentParam } from "../params.ts";
import { image } from "../ports.ts";

export const adjust = defineNode({
  type: "adjust",
  version: 1,
  title: "Adjust",
  group: "image",
  help: "Changes brightness, contrast, saturation and hue. All at 0 leaves the picture as it is.",
  example: "Saturation -100 makes it black and white; contrast 20 gives a dull photo some punch.",
  keywords: [
    "brightness",
    "contrast",
    "saturation",
    "hue",
    "colour",
    "black and white",
    "tone",
    "light",
  ],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    brightness: signedPercentParam({
      label: "Brightness",
      help: "-100 is black, 100 twice as bright.",
      pinned: true,
    }),
    contrast: signedPercentParam({
      label: "Contrast",
      help: "-100 is plain grey, 100 twice the contrast.",
    }),
    saturation: signedPercentParam({
      label: "Saturation",
      help: "-100 is black and white, 100 twice as colourful.",
    }),
    hue: z.number().min(-180).max(180).default(0).meta({
      label: "Hue",
      help: "Turns every colour around the colour wheel: 120 makes red green.",
      unit: "°",
      step: 1,
      widget: "slider",
    }),
  }),
  outputs: { image: one("image", "Image") },
  op: "adjust",
  estimateMs: perMegapixel(80),
});
