import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { texts } from "../ports.ts";
import { itemAt, noSuchItem, positionParam } from "../position.ts";
import { gives, refuses, textValue } from "../values.ts";

export const textPick = defineNode({
  type: "text-pick",
  version: 1,
  title: "Pick a text",
  group: "text",
  help: "Takes one text out of several: by its position, or by chance from a seed.",
  example:
    "From dawn, noon and dusk, position 3 picks dusk; by chance, seed 41 always picks the same one.",
  keywords: ["random", "wildcard", "choose", "index", "list", "prompt"],
  inputs: {
    texts: texts({
      label: "Texts",
      help: "Several wires, in the order in which they were drawn, or one list.",
    }),
  },
  params: z.strictObject({
    by: z
      .enum(["position", "chance"])
      .default("position")
      .meta({
        label: "Pick",
        options: { position: "By position", chance: "By chance" },
        wirable: false,
      }),
    position: positionParam(),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .meta({
        label: "Seed",
        help: "By chance only: the same seed picks the same text again.",
        widget: "seed",
      }),
  }),
  outputs: { text: one("text", "Text") },
  evaluate: ({ texts, by, position, seed }) => {
    const at = by === "position" ? position : 1 + (scramble(seed) % Math.max(texts.length, 1));
    const found = itemAt(texts, at);
    if (found === undefined)
      return refuses(noSuchItem(at, texts.length), texts.length === 0 ? "texts" : "position");
    return gives({ text: textValue(found) });
  },
});

/** 32 well-mixed bits, so that neighbouring seeds pick unrelated texts. The finaliser of MurmurHash3 (Appleby, public domain). */
function scramble(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
