import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { perMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { anchorLabels, anchors, colourParam } from "../params.ts";
import { image } from "../ports.ts";

export const fonts = ["geist", "geist-mono", "dm-serif-display"] as const;
export type FontFamily = (typeof fonts)[number];

export const overlayText = defineNode({
  type: "overlay-text",
  version: 1,
  title: "Overlay text",
  group: "image",
  help: "Writes words on a picture. Long lines wrap at the picture's edge; the size follows the picture, so it looks the same on any of them.",
  example: "“Harbour days”, size 12, bottom left, with a shadow, makes a photo a poster.",
  keywords: ["caption", "title", "poster", "watermark", "label", "font", "typography", "write"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    text: z
      .string()
      .max(2_000)
      .default("")
      .meta({ label: "Text", widget: "textarea", placeholder: "Harbour days", pinned: true }),
    size: z.number().min(0.5).max(100).default(8).meta({
      label: "Size",
      help: "Height of the letters, in percent of the picture's height.",
      unit: "%",
      step: 0.5,
      widget: "slider",
      pinned: true,
    }),
    colour: colourParam("#ffffff", { label: "Colour" }),
    position: z.enum(anchors).default("bottom").meta({ label: "Position", options: anchorLabels }),
    margin: z.number().min(0).max(45).default(5).meta({
      label: "Margin",
      help: "Distance to the edge, in percent of the picture's shorter side.",
      unit: "%",
      step: 0.5,
      widget: "slider",
    }),
    font: z
      .enum(fonts)
      .default("geist")
      .meta({
        label: "Font",
        options: {
          geist: "Geist, plain",
          "geist-mono": "Geist Mono, even widths",
          "dm-serif-display": "DM Serif Display, elegant",
        },
      }),
    weight: z
      .enum(["regular", "bold"])
      .default("bold")
      .meta({
        label: "Weight",
        help: "DM Serif Display has one weight.",
        options: { regular: "Regular", bold: "Bold" },
      }),
    backdrop: z
      .enum(["none", "shadow", "plate"])
      .default("none")
      .meta({
        label: "Backdrop",
        help: "Keeps words readable on any picture.",
        options: { none: "None", shadow: "Soft shadow", plate: "Plate" },
      }),
    backdropColour: colourParam("#000000b8", { label: "Backdrop colour", advanced: true }),
    lineHeight: z
      .number()
      .min(0.6)
      .max(3)
      .default(1.2)
      .meta({ label: "Line height", unit: "×", step: 0.05, widget: "slider", advanced: true }),
  }),
  outputs: { image: one("image", "Image") },
  op: "overlay-text",
  estimateMs: (params, inputMegapixels) => 30 + perMegapixel(50)(params, inputMegapixels),
});
