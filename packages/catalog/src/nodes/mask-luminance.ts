import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel, pictureMsPerMegapixel } from "../estimate.ts";
import { maskFeatherParam, maskInvertParam, maskSoftnessParam } from "../mask-params.ts";
import { one } from "../outputs.ts";
import { percentParam } from "../params.ts";
import { image } from "../ports.ts";

export const maskLuminance = defineNode({
  type: "mask-luminance",
  version: 1,
  title: "Mask from brightness",
  group: "image",
  help: "Makes a mask that is white where the picture is bright enough, and black elsewhere.",
  example: "From 70 to 100 selects a bright sky; invert it to select the land.",
  keywords: ["luminance", "threshold", "matte", "select", "bright", "dark", "key"],
  inputs: { image: image({ label: "Image" }) },
  params: z
    .strictObject({
      from: percentParam(50, { label: "From", help: "0 is black, 100 is white.", pinned: true }),
      to: percentParam(100, { label: "To", help: "0 is black, 100 is white.", pinned: true }),
      softness: maskSoftnessParam("brightness"),
      feather: maskFeatherParam(),
      invert: maskInvertParam(),
    })
    .refine(({ from, to }) => from <= to, { path: ["to"], error: "must not be below From" }),
  outputs: { mask: one("image", "Mask") },
  op: "mask-luminance",
  estimateMs: perMegapixel(pictureMsPerMegapixel),
});
