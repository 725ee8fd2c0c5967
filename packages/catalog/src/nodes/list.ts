import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { manyOf } from "../outputs.ts";
import { anyList } from "../ports.ts";
import { gives } from "../values.ts";

export const list = defineNode({
  type: "list",
  version: 1,
  title: "List",
  group: "flow",
  help: "Gathers several wires of one kind into a list, so that what follows runs for each of them.",
  example: "Three pictures go in, one list comes out; wired into Resize, it runs three times.",
  keywords: ["gather", "collect", "batch", "array", "map", "for each"],
  inputs: {
    items: anyList({
      label: "Items",
      help: "As many wires as you like, in the order in which they were drawn.",
    }),
  },
  params: z.strictObject({}),
  outputs: { items: manyOf("items", "List") },
  evaluate: ({ items }) => gives({ items }),
});
