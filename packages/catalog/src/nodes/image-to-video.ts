import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { numberOf } from "../estimate.ts";
import { houseImageToVideo } from "../models/house-image-to-video.ts";
import { many, one } from "../outputs.ts";
import { paintingSeedParam } from "../painting-params.ts";
import { image } from "../ports.ts";
import { videoFormatParam } from "../video-params.ts";

const motions = {
  "pan-left": "Pan left",
  "pan-right": "Pan right",
  "zoom-in": "Zoom in",
  "zoom-out": "Zoom out",
  drift: "Drift",
  rise: "Rise",
} as const;

export const imageToVideo = defineNode({
  type: "image-to-video",
  version: 1,
  title: "Image to video",
  group: "video",
  help: "Continues a picture for two seconds: sixteen frames of 128 × 128 pixels. The camera pans or zooms, or the object drifts or rises. The middle square is taken.",
  example:
    "A painted boat at sea and Drift: it sails to the right. Frames into Upscale and Frames to video: the same at 512 × 512.",
  keywords: ["animate", "motion", "film", "clip", "movie", "camera", "pan", "zoom", "i2v"],
  inputs: { image: image({ label: "Image" }) },
  params: z.strictObject({
    motion: z
      .enum(["pan-left", "pan-right", "zoom-in", "zoom-out", "drift", "rise"])
      .default("zoom-in")
      .meta({
        label: "Motion",
        help: "Drift moves the object to the right, Rise lifts it; the others move the camera.",
        options: motions,
        pinned: true,
      }),
    seed: paintingSeedParam(),
    steps: z.int().min(2).max(30).default(8).meta({
      label: "Steps",
      help: "More steps take longer; beyond 12 little changes.",
      widget: "slider",
    }),
    format: videoFormatParam(),
  }),
  outputs: { video: one("video", "Video"), frames: many("image", "Frames") },
  op: "image-to-video",
  model: modelRef(houseImageToVideo),
  // Moving the picture, so many steps of a clip, sixteen frames to decode and store: measured on two cores.
  estimateMs: (params) => 900 + 250 * numberOf(params, "steps", 8),
});
