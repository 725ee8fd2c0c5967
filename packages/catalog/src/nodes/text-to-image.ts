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

export const textToImage = defineNode({
  type: "text-to-image",
  version: 1,
  title: "Text to image",
  group: "image",
  help: "Paints a picture of 128 × 128 pixels from words, as illustrations: a landscape with one or two objects. Put an Upscale after it for 512 × 512.",
  example:
    "“a white lighthouse on the right by the ocean at night, starry sky, flat illustration”, seed 4, is a picture to start with.",
  keywords: [
    "generate",
    "prompt",
    "paint",
    "draw",
    "diffusion",
    "create",
    "illustration",
    "txt2img",
  ],
  inputs: { loras: lorasPort() },
  params: z.strictObject({
    prompt: promptParam("a red sailing boat at sea at dusk, watercolour"),
    seed: paintingSeedParam(),
    steps: stepsParam(),
    guidance: guidanceParam(),
    loraScale: loraScaleParam(),
  }),
  outputs: { image: one("image", "Image") },
  op: "text-to-image",
  model: modelRef(houseTextToImage),
  estimateMs: estimatePaintingMs,
});
