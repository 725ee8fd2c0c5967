import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { oneOf } from "../outputs.ts";
import { resultOf } from "../ports.ts";

export const approve = defineNode({
  type: "approve",
  version: 1,
  title: "Approve",
  group: "flow",
  help: "Stops here until a person approves, for days if need be, and then hands on what came in. Declined, what follows does not run.",
  example:
    "Look at the draft before a large upscale: approve it, and only then the costly step runs.",
  keywords: ["wait", "person", "human", "review", "confirm", "gate", "decline", "check"],
  inputs: { value: resultOf("any", { label: "To approve" }) },
  params: z.strictObject({
    question: z.string().max(200).default("Is this good enough to go on?").meta({
      label: "Question",
      help: "What whoever decides is asked.",
      wirable: false,
      pinned: true,
    }),
  }),
  outputs: { value: oneOf("value", "Approved") },
  approve: true,
});
