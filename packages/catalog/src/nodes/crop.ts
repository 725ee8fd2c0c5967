import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel, pictureMsPerMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { anchorLabels, anchors, maxSide, sideParam } from "../params.ts";
import { image } from "../ports.ts";

export const crop = defineNode({
  type: "crop",
  version: 1,
  title: "Crop",
  group: "image",
  help: "Cuts a part out of a picture: the largest part of given proportions, or a rectangle in pixels.",
  example: "Proportions 1:1 from the centre: a photo of 3000 × 2000 becomes 2000 × 2000.",
  keywords: ["cut", "trim", "aspect", "ratio", "square", "region", "rectangle"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    by: z
      .enum(["proportions", "rectangle"])
      .default("proportions")
      .meta({
        label: "Cut",
        options: { proportions: "To proportions", rectangle: "A rectangle" },
        wirable: false,
      }),
    proportions: z
      .string()
      .regex(
        /^(?=[^:]*[1-9])\d{1,5}(\.\d{1,4})?:(?=.*[1-9])\d{1,5}(\.\d{1,4})?$/,
        "must be two numbers such as 4:5 or 16:9",
      )
      .default("1:1")
      .meta({
        label: "Proportions",
        help: "Width to height: 1:1 is a square, 4:5 a portrait, 16:9 a screen.",
        placeholder: "4:5",
        pinned: true,
      }),
    anchor: z
      .enum([...anchors, "attention"])
      .default("centre")
      .meta({
        label: "Keep",
        help: "Which part stays when the rest is cut off.",
        options: { ...anchorLabels, attention: "Where the eye goes" },
      }),
    left: z
      .int()
      .min(0)
      .max(maxSide)
      .default(0)
      .meta({ label: "Left", unit: "px", help: "Rectangle only." }),
    top: z
      .int()
      .min(0)
      .max(maxSide)
      .default(0)
      .meta({ label: "Top", unit: "px", help: "Rectangle only." }),
    width: sideParam(512, { label: "Width", help: "Rectangle only." }),
    height: sideParam(512, { label: "Height", help: "Rectangle only." }),
  }),
  outputs: { image: one("image", "Image") },
  op: "crop",
  estimateMs: perMegapixel(pictureMsPerMegapixel),
});
