import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { images } from "../ports.ts";
import { framesPerSecondParam, videoFormatParam } from "../video-params.ts";

export const framesToVideo = defineNode({
  type: "frames-to-video",
  version: 1,
  title: "Frames to video",
  group: "video",
  help: "Makes a film of pictures, in their order. All get the size of the first; what is transparent becomes white.",
  example: "Sixteen frames, enlarged four times by Upscale, at 8 a second: a film of two seconds.",
  keywords: ["film", "movie", "animation", "sequence", "slideshow", "mp4", "webp", "boomerang"],
  inputs: { frames: images({ label: "Frames" }) },
  params: z.strictObject({
    framesPerSecond: framesPerSecondParam(),
    order: z
      .enum(["forwards", "backwards", "there-and-back"])
      .default("forwards")
      .meta({
        label: "Order",
        options: {
          forwards: "Forwards",
          backwards: "Backwards",
          "there-and-back": "There and back",
        },
        pinned: true,
      }),
    repeats: z.int().min(1).max(20).default(1).meta({
      label: "Repeats",
      help: "How often it is played through.",
    }),
    format: videoFormatParam(),
  }),
  outputs: { video: one("video", "Video") },
  op: "frames-to-video",
  estimateMs: (_params, inputMegapixels) => 60 + 120 * inputMegapixels,
});
