import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { houseTextToImage } from "../models/house-text-to-image.ts";
import { one } from "../outputs.ts";
import {
  estimatePaintingMs,
  guidanceParam,
  loraScaleParam,
  lorasPort,
  paintingSeedParam,
  promptParam,
  stepsParam,
} from "../painting-params.ts";
import { image } from "../ports.ts";

export const inpaint = defineNode({
  type: "inpaint",
  version: 1,
  title: "Inpaint",
  group: "image",
  help: "Paints a part of a picture anew and leaves the rest as it is. The middle square is taken, at 128 × 128 pixels; say in words what the whole shows.",
  example:
    "A mask over the empty sky and “a blue balloon on the left, a red boat at sea at dusk, watercolour” put a balloon there.",
  keywords: ["mask", "replace", "remove", "repaint", "fill", "edit", "prompt", "generate"],
  inputs: {
    image: image({ label: "Image" }),
    mask: image({ label: "Mask", help: "White where it is painted anew, black where it stays." }),
    loras: lorasPort(),
  },
  params: z.strictObject({
    prompt: promptParam("a blue balloon on the left, a red boat at sea at dusk, watercolour"),
    seed: paintingSeedParam(),
    steps: stepsParam(),
    guidance: guidanceParam(),
    loraScale: loraScaleParam(),
  }),
  outputs: { image: one("image", "Image") },
  bypass: { image: "image" },
  op: "inpaint",
  model: modelRef(houseTextToImage),
  estimateMs: estimatePaintingMs,
});
