import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { labelParam, nameParam } from "../params.ts";
import { resultOf } from "../ports.ts";
import { gives } from "../values.ts";

export const outputImage = defineNode({
  type: "output-image",
  version: 1,
  title: "Image output",
  group: "output",
  role: "output",
  help: "Names a picture as a result of the workflow. It is shown on the share page and comes back from the API.",
  example: "Name it poster: the API answers outputs.poster with a link to the PNG.",
  keywords: ["result", "save", "picture", "return"],
  inputs: { value: resultOf("image", { label: "Image" }) },
  params: z.strictObject({ name: nameParam("image"), label: labelParam() }),
  outputs: { value: one("image", "Image") },
  evaluate: ({ value }) => gives({ value }),
});
