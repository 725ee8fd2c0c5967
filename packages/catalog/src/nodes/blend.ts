import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { percentParam } from "../params.ts";
import { image, optional } from "../ports.ts";

export const blend = defineNode({
  type: "blend",
  version: 1,
  title: "Blend",
  group: "image",
  help: "Lays one picture over another. A mask says where: white shows the upper picture, black the lower one.",
  example:
    "A starry sky over a photo, with the photo's bright sky as the mask, turns day into night.",
  keywords: [
    "composite",
    "merge",
    "overlay",
    "mask",
    "layer",
    "multiply",
    "screen",
    "combine",
    "paste",
  ],
  inputs: {
    base: image({ label: "Below", help: "Decides the size of the result." }),
    overlay: image({ label: "Above" }),
    mask: optional(
      image({
        label: "Mask",
        help: "Where the upper picture shows. Stretched to the size of the lower one.",
      }),
    ),
  },
  params: z.strictObject({
    mode: z
      .enum([
        "normal",
        "multiply",
        "screen",
        "overlay",
        "soft-light",
        "hard-light",
        "darken",
        "lighten",
        "difference",
      ])
      .default("normal")
      .meta({
        label: "Mode",
        help: "Multiply darkens, screen lightens, overlay and soft light add contrast.",
        options: {
          normal: "Normal",
          multiply: "Multiply",
          screen: "Screen",
          overlay: "Overlay",
          "soft-light": "Soft light",
          "hard-light": "Hard light",
          darken: "Darken",
          lighten: "Lighten",
          difference: "Difference",
        },
      }),
    opacity: percentParam(100, {
      label: "Opacity",
      help: "How strongly the upper picture shows.",
      pinned: true,
    }),
    fit: z
      .enum(["cover", "contain", "fill", "none"])
      .default("cover")
      .meta({
        label: "Fit",
        help: "How the upper picture is brought to the size of the lower one.",
        options: {
          cover: "Fill, cut off the rest",
          contain: "Fit inside",
          fill: "Stretch",
          none: "Own size, in the centre",
        },
      }),
  }),
  outputs: { image: one("image", "Image") },
  bypass: { image: "base" },
  op: "blend",
  estimateMs: perMegapixel(80),
});
