import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { labelParam, nameParam } from "../params.ts";
import { resultOf } from "../ports.ts";
import { gives } from "../values.ts";

export const outputVideo = defineNode({
  type: "output-video",
  version: 1,
  title: "Video output",
  group: "output",
  role: "output",
  help: "Names a film as a result of the workflow. It is shown on the share page and comes back from the API.",
  example: "Name it film: the API answers outputs.film with a link to the MP4.",
  keywords: ["result", "save", "film", "return"],
  inputs: { value: resultOf("video", { label: "Video" }) },
  params: z.strictObject({ name: nameParam("video"), label: labelParam() }),
  outputs: { value: one("video", "Video") },
  evaluate: ({ value }) => gives({ value }),
});
