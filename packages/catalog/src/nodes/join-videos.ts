import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { videos } from "../ports.ts";
import { videoFormatParam } from "../video-params.ts";

export const joinVideos = defineNode({
  type: "join-videos",
  version: 1,
  title: "Join videos",
  group: "video",
  help: "Plays films one after the other as one film, of the size and the frames a second of the first. Sound is left out.",
  example:
    "Three clips in a List, joined to one: the second and third fill the frame of the first.",
  keywords: ["film", "clip", "concatenate", "merge", "append", "sequence"],
  inputs: { videos: videos({ label: "Videos", count: { min: 1, max: 64 } }) },
  params: z.strictObject({ format: videoFormatParam() }),
  outputs: { video: one("video", "Video") },
  op: "join-videos",
  estimateMs: () => 4_000,
});
