import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { many, one } from "../outputs.ts";
import { video } from "../ports.ts";

export const videoToFrames = defineNode({
  type: "video-to-frames",
  version: 1,
  title: "Video to frames",
  group: "video",
  help: "Takes a film apart: its frames as pictures, and how many of them there are a second. MP4, WebM, and the films made here.",
  example:
    "A clip, every second frame into Upscale, and Frames to video joins them again at Frames a second.",
  keywords: ["film", "clip", "extract", "split", "pictures", "stills", "decode"],
  inputs: { video: video({ label: "Video" }) },
  params: z.strictObject({
    every: z
      .int()
      .min(1)
      .max(1_000)
      .default(1)
      .meta({ label: "Every", help: "1: each frame; 2: every second one.", pinned: true }),
    startSeconds: z
      .number()
      .min(0)
      .max(600)
      .default(0)
      .meta({ label: "From", help: "Seconds from the beginning.", step: 0.1 }),
    most: z
      .int()
      .min(1)
      .max(256)
      .default(64)
      .meta({ label: "At most", help: "No more frames than this are taken.", pinned: true }),
  }),
  outputs: {
    frames: many("image", "Frames"),
    framesPerSecond: one("number", "Frames a second"),
  },
  op: "video-to-frames",
  estimateMs: () => 1_500,
});
