import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { texts } from "../ports.ts";
import { readSeparator, separatorParam } from "../separator.ts";
import { tooLongText } from "../text-length.ts";
import { gives, textValue } from "../values.ts";

export const textJoin = defineNode({
  type: "text-join",
  version: 1,
  title: "Join texts",
  group: "text",
  help: "Puts several texts one after the other into one.",
  example: "harbour, dusk and two boats, separated by a comma, give “harbour, dusk, two boats”.",
  keywords: ["concatenate", "merge", "prompt", "string", "list"],
  inputs: {
    texts: texts({
      label: "Texts",
      help: "Several wires, in the order in which they were drawn, or one list.",
    }),
  },
  params: z.strictObject({
    separator: separatorParam(", ").meta({
      label: "Separator",
      help: "Stands between two texts. \\n is a line break, \\t a tab.",
      pinned: true,
    }),
    skipEmpty: z.boolean().default(true).meta({ label: "Leave out empty texts" }),
  }),
  outputs: { text: one("text", "Text") },
  evaluate: ({ texts, separator, skipEmpty }) => {
    const kept = skipEmpty ? texts.filter((text) => text.trim() !== "") : texts;
    const between = readSeparator(separator);
    const length = kept.reduce(
      (sum, text) => sum + text.length,
      between.length * Math.max(0, kept.length - 1),
    );
    return tooLongText(length) ?? gives({ text: textValue(kept.join(between)) });
  },
});
