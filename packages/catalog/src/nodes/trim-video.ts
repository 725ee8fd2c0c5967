import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { video } from "../ports.ts";
import { videoFormatParam } from "../video-params.ts";

const seconds = () => z.number().min(0).max(600);

export const trimVideo = defineNode({
  type: "trim-video",
  version: 1,
  title: "Trim video",
  group: "video",
  help: "Cuts a part out of a film. Sound is left out.",
  example: "From 1 to 3.5: two and a half seconds out of the middle.",
  keywords: ["film", "clip", "cut", "shorten", "crop", "time", "convert"],
  inputs: { video: video({ label: "Video" }) },
  params: z.strictObject({
    fromSeconds: seconds()
      .default(0)
      .meta({ label: "From", help: "Seconds from the beginning.", step: 0.1, pinned: true }),
    toSeconds: seconds().default(0).meta({
      label: "To",
      help: "Seconds from the beginning; 0: its end.",
      step: 0.1,
      pinned: true,
    }),
    format: videoFormatParam(),
  }),
  outputs: { video: one("video", "Video") },
  op: "trim-video",
  estimateMs: () => 2_000,
});
