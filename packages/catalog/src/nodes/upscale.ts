import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { image } from "../ports.ts";
import { houseUpscaler4x } from "../models/house-upscaler-4x.ts";

export const upscale = defineNode({
  type: "upscale",
  version: 1,
  title: "Upscale",
  group: "image",
  help: "Enlarges a picture and draws the detail that a plain enlargement leaves soft.",
  example: "A small photo of 640 × 480 becomes 2560 × 1920, with crisp edges and hair.",
  keywords: [
    "enlarge",
    "super resolution",
    "sharpen",
    "4x",
    "upscaler",
    "detail",
    "bigger",
    "refine",
  ],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    factor: z.int().min(2).max(4).default(4).meta({
      label: "Factor",
      help: "How many times longer each side gets.",
      unit: "×",
      widget: "slider",
      pinned: true,
    }),
  }),
  outputs: { image: one("image", "Image") },
  op: "upscale",
  model: modelRef(houseUpscaler4x),
  estimateMs: (_params, inputMegapixels) => 60 + millisecondsPerMegapixel * inputMegapixels,
});

/** Of the input, at any factor: the network always works at four times the size. Measured on two cores. */
const millisecondsPerMegapixel = 15_000;
