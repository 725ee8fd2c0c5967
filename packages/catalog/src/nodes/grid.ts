import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { numberOf, perMegapixel } from "../estimate.ts";
import { one } from "../outputs.ts";
import { colourParam } from "../params.ts";
import { images, optional, texts } from "../ports.ts";

export const grid = defineNode({
  type: "grid",
  version: 1,
  title: "Contact sheet",
  group: "image",
  help: "Puts a list of pictures side by side on one sheet, each with a label if you like.",
  example:
    "Eight variations in four columns make one picture of two rows, easy to compare and to share.",
  keywords: [
    "grid",
    "contact sheet",
    "collage",
    "montage",
    "tile",
    "overview",
    "gallery",
    "columns",
  ],
  inputs: {
    images: images({ label: "Images", help: "Several wires, or one list." }),
    labels: optional(texts({ label: "Labels", help: "One for each picture, in the same order." })),
  },
  params: z.strictObject({
    columns: z.int().min(0).max(64).default(0).meta({
      label: "Columns",
      help: "0 chooses as many as make the sheet about square.",
      pinned: true,
    }),
    cellWidth: z
      .int()
      .min(16)
      .max(4096)
      .default(512)
      .meta({ label: "Cell width", unit: "px", help: "The height follows the first picture." }),
    gap: z
      .int()
      .min(0)
      .max(512)
      .default(16)
      .meta({ label: "Gap", unit: "px", widget: "slider", step: 1 }),
    fit: z
      .enum(["contain", "cover"])
      .default("contain")
      .meta({
        label: "Fit",
        help: "For pictures of other proportions than the first.",
        options: { contain: "Whole picture", cover: "Fill the cell" },
      }),
    background: colourParam("#ffffff", { label: "Background" }),
    labelSize: z
      .int()
      .min(8)
      .max(256)
      .default(24)
      .meta({ label: "Label size", unit: "px", advanced: true }),
    labelColour: colourParam("#17181b", { label: "Label colour", advanced: true }),
  }),
  outputs: { image: one("image", "Sheet") },
  op: "grid",
  estimateMs: (params, inputMegapixels) =>
    perMegapixel(20)(params, inputMegapixels) + numberOf(params, "cellWidth", 512) / 10,
});
