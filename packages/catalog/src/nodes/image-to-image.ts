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
import { percentParam } from "../params.ts";
import { image } from "../ports.ts";

export const imageToImage = defineNode({
  type: "image-to-image",
  version: 1,
  title: "Image to image",
  group: "image",
  help: "Paints a picture anew from words, and keeps as much of its layout as you like. The middle square is taken, at 128 × 128 pixels.",
  example:
    "A rough sketch of hills at strength 70 with “rolling hills at sunset, watercolour” becomes a painting of just those hills.",
  keywords: [
    "variation",
    "restyle",
    "sketch",
    "strength",
    "img2img",
    "paint",
    "prompt",
    "generate",
  ],
  inputs: { image: image({ label: "Image" }), loras: lorasPort() },
  params: z.strictObject({
    prompt: promptParam("rolling hills at sunset, watercolour"),
    strength: percentParam(70, {
      label: "Strength",
      help: "How much may change: 30 is a touch, 70 keeps the layout, 100 keeps nothing.",
      pinned: true,
    }),
    seed: paintingSeedParam(),
    steps: stepsParam(),
    guidance: guidanceParam(),
    loraScale: loraScaleParam(),
  }),
  outputs: { image: one("image", "Image") },
  bypass: { image: "image" },
  op: "image-to-image",
  model: modelRef(houseTextToImage),
  estimateMs: estimatePaintingMs,
});
