import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { helpParam, labelParam, nameParam } from "../params.ts";
import { gives, numberValue } from "../values.ts";

/** The largest seed: 32 bits, which every random generator takes. */
const maxSeed = 2 ** 32 - 1;

export const seed = defineNode({
  type: "seed",
  version: 1,
  title: "Seed",
  group: "number",
  role: "input",
  help: "Decides the chance in a result: the same seed gives the same picture again. Wire one seed into several nodes to vary them together.",
  example:
    "Fixed 41 keeps the picture you like; random gives a new one with every run; count up walks 41, 42, 43.",
  keywords: ["random", "noise", "variation", "dice"],
  inputs: {},
  params: z.strictObject({
    value: z
      .int()
      .min(0)
      .max(maxSeed)
      .default(1)
      .meta({ label: "Seed", widget: "seed", wirable: false, pinned: true }),
    mode: z
      .enum(["fixed", "random", "increment"])
      .default("fixed")
      .meta({
        label: "With each run",
        options: { fixed: "Keep it", random: "Draw a new one", increment: "Count up" },
        wirable: false,
      }),
    name: nameParam("seed"),
    label: labelParam(),
    help: helpParam(),
  }),
  outputs: { seed: one("number", "Seed") },
  evaluate: ({ value }) => gives({ seed: numberValue(value) }),
});
