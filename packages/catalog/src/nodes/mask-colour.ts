import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel } from "../estimate.ts";
import { maskFeatherParam, maskInvertParam, maskSoftnessParam } from "../mask-params.ts";
import { one } from "../outputs.ts";
import { colourParam, percentParam } from "../params.ts";
import { image } from "../ports.ts";

export const maskColour = defineNode({
  type: "mask-colour",
  version: 1,
  title: "Mask from colour",
  group: "image",
  help: "Makes a mask that is white where the picture has nearly this colour, and black elsewhere.",
  example:
    "Colour #3aa655, tolerance 15 selects the green of a green screen; invert it to keep the person.",
  keywords: ["chroma", "key", "green screen", "select", "matte", "threshold", "colour", "color"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    colour: colourParam("#3aa655", { label: "Colour", help: "The colour to look for." }),
    tolerance: percentParam(15, {
      label: "Tolerance",
      help: "How different a colour may look and still count. 0 is exact; 100 is as far as black from white.",
      pinned: true,
    }),
    softness: maskSoftnessParam("colour"),
    feather: maskFeatherParam(),
    invert: maskInvertParam(),
  }),
  outputs: { mask: one("image", "Mask") },
  op: "mask-colour",
  estimateMs: perMegapixel(115),
});
