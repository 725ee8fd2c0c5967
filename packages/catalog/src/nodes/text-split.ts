import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { many } from "../outputs.ts";
import { text } from "../ports.ts";
import { readSeparator, separatorParam } from "../separator.ts";
import { gives, listValue, refuses, textValue } from "../values.ts";

const maxParts = 10_000;

export const textSplit = defineNode({
  type: "text-split",
  version: 1,
  title: "Split text",
  group: "text",
  help: "Cuts one text into a list, so that what follows runs for each part.",
  example: "A text of five lines, split at \\n, gives five prompts, and five pictures.",
  keywords: ["lines", "list", "batch", "csv", "string"],
  inputs: { text: text({ label: "Text" }) },
  params: z.strictObject({
    separator: separatorParam("\\n")
      .refine((separator) => separator !== "", "must have at least 1 character")
      .meta({
        label: "Separator",
        help: "Where to cut. \\n is a line break, \\t a tab.",
        pinned: true,
      }),
    trim: z.boolean().default(true).meta({ label: "Remove spaces around the parts" }),
    skipEmpty: z.boolean().default(true).meta({ label: "Leave out empty parts" }),
  }),
  outputs: { texts: many("text", "Texts") },
  evaluate: ({ text, separator, trim, skipEmpty }) => {
    const cut = text.split(readSeparator(separator));
    const parts = trim ? cut.map((part) => part.trim()) : cut;
    const kept = skipEmpty ? parts.filter((part) => part !== "") : parts;
    if (kept.length > maxParts) {
      return refuses(`The text falls into ${kept.length} parts; the limit is ${maxParts}.`, "text");
    }
    return gives({ texts: listValue("text", kept.map(textValue)) });
  },
});
