import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { fileParam, helpParam, labelParam, nameParam } from "../params.ts";
import { fileValue, gives, refuses } from "../values.ts";

export const inputVideo = defineNode({
  type: "input-video",
  version: 1,
  title: "Video",
  group: "video",
  role: "input",
  help: "A film that whoever runs the workflow may bring. MP4 and WebM are taken.",
  example: "Drop a clip here and hand it on to an output or to a node that takes a video.",
  keywords: ["film", "clip", "upload", "load", "file", "input"],
  inputs: {},
  params: z.strictObject({
    value: fileParam("video", "Video"),
    name: nameParam("video"),
    label: labelParam(),
    help: helpParam(),
  }),
  outputs: { video: one("video", "Video") },
  evaluate: ({ value }) =>
    value === null
      ? refuses("Choose a video first.", "value")
      : gives({ video: fileValue("video", value) }),
});
