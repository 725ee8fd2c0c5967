import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { many } from "../outputs.ts";
import { filesParam, helpParam, labelParam, nameParam, requiredParam } from "../params.ts";
import { fileValue, gives, listValue } from "../values.ts";

export const inputImages = defineNode({
  type: "input-images",
  version: 1,
  title: "Images",
  group: "image",
  role: "input",
  help: "Several pictures at once, or a ZIP of them. Wired into a node that takes one picture, the node runs for each of them.",
  example: "Drop twelve product photos: Crop makes twelve squares, Grid puts them on one sheet.",
  keywords: ["pictures", "photos", "batch", "folder", "upload", "list", "input"],
  inputs: {},
  params: z.strictObject({
    value: filesParam("image", "Images"),
    name: nameParam("images"),
    label: labelParam(),
    help: helpParam(),
    required: requiredParam(),
  }),
  outputs: { images: many("image", "Images") },
  evaluate: ({ value }) =>
    gives({
      images: listValue(
        "image",
        value.map((artifact) => fileValue("image", artifact)),
      ),
    }),
});
