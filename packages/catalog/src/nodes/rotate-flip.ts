import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel, pictureMsPerMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { colourParam } from "../params.ts";
import { image } from "../ports.ts";

export const rotateFlip = defineNode({
  type: "rotate-flip",
  version: 1,
  title: "Rotate and flip",
  group: "image",
  help: "Turns a picture by quarters, straightens it by degrees, and mirrors it. Mirroring comes last.",
  example:
    "A quarter to the right makes a landscape photo of 3000 × 2000 a portrait of 2000 × 3000.",
  keywords: ["turn", "mirror", "straighten", "angle", "orientation", "horizontal", "vertical"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    turn: z
      .enum(["none", "right", "half", "left"])
      .default("none")
      .meta({
        label: "Turn",
        options: {
          none: "Not at all",
          right: "A quarter right",
          half: "Upside down",
          left: "A quarter left",
        },
        pinned: true,
      }),
    angle: z.number().min(-45).max(45).default(0).meta({
      label: "Straighten",
      help: "Clockwise. The picture grows so that nothing is cut off.",
      unit: "°",
      step: 0.1,
      widget: "slider",
    }),
    flipHorizontal: z.boolean().default(false).meta({ label: "Mirror left and right" }),
    flipVertical: z.boolean().default(false).meta({ label: "Mirror top and bottom" }),
    background: colourParam("#00000000", {
      label: "Corner colour",
      help: "Fills the corners of a straightened picture. Transparent unless you choose a colour.",
      advanced: true,
    }),
  }),
  outputs: { image: one("image", "Image") },
  op: "rotate-flip",
  estimateMs: perMegapixel(pictureMsPerMegapixel),
});
