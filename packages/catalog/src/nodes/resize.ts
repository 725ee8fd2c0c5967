import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { numberOf, pictureMsPerMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { colourParam, sideParam } from "../params.ts";
import { image } from "../ports.ts";

export const resize = defineNode({
  type: "resize",
  version: 1,
  title: "Resize",
  group: "image",
  help: "Makes a picture larger or smaller by plain interpolation. For more detail when enlarging, use Upscale.",
  example: "Width 1024, height 1024, fit inside: a photo of 4000 × 3000 becomes 1024 × 768.",
  keywords: ["scale", "size", "width", "height", "fit", "thumbnail", "shrink", "enlarge"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    width: sideParam(1024, { label: "Width", pinned: true }),
    height: sideParam(1024, { label: "Height", pinned: true }),
    fit: z
      .enum(["inside", "cover", "contain", "fill"])
      .default("inside")
      .meta({
        label: "Fit",
        help: "What happens when the proportions differ.",
        options: {
          inside: "Fit inside, keep proportions",
          cover: "Fill, cut off the rest",
          contain: "Fit inside, pad the rest",
          fill: "Stretch",
        },
      }),
    kernel: z
      .enum(["lanczos3", "mitchell", "cubic", "linear", "nearest"])
      .default("lanczos3")
      .meta({
        label: "Interpolation",
        help: "Nearest keeps the hard edges of pixel art; Lanczos is sharp for photographs.",
        options: {
          lanczos3: "Lanczos, sharp",
          mitchell: "Mitchell, soft",
          cubic: "Cubic",
          linear: "Linear",
          nearest: "Nearest, hard pixels",
        },
        advanced: true,
      }),
    background: colourParam("#00000000", {
      label: "Padding colour",
      help: "Used when the rest is padded. Transparent unless you choose a colour.",
      advanced: true,
    }),
  }),
  outputs: { image: one("image", "Image") },
  op: "resize",
  estimateMs: (params, inputMegapixels) => {
    const made = (numberOf(params, "width", 1024) * numberOf(params, "height", 1024)) / 1e6;
    return 10 + 15 * inputMegapixels + pictureMsPerMegapixel * made;
  },
});
