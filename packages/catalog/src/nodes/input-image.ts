import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { fileParam, helpParam, labelParam, nameParam } from "../params.ts";
import { fileValue, gives, refuses } from "../values.ts";

export const inputImage = defineNode({
  type: "input-image",
  version: 1,
  title: "Image",
  group: "image",
  role: "input",
  help: "A picture that whoever runs the workflow may bring. PNG, JPEG, WebP, GIF, AVIF and TIFF are taken.",
  example: "Drop a photo here, wire it into Upscale, and the form and the API ask for an image.",
  keywords: ["picture", "photo", "upload", "load", "file", "input"],
  inputs: {},
  params: z.strictObject({
    value: fileParam("image", "Image"),
    name: nameParam("image"),
    label: labelParam(),
    help: helpParam(),
  }),
  outputs: { image: one("image", "Image") },
  evaluate: ({ value }) =>
    value === null
      ? refuses("Choose a picture first.", "value")
      : gives({ image: fileValue("image", value) }),
});
