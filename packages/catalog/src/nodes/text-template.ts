import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { one } from "../outputs.ts";
import { longText } from "../params.ts";
import { optional, words } from "../ports.ts";
import { tooLongText } from "../text-length.ts";
import { gives, refuses, textValue } from "../values.ts";

const letters = ["a", "b", "c", "d"] as const;

function slot(letter: string) {
  return optional(
    words({
      label: letter.toUpperCase(),
      help: `A text or a number, written where the template says {${letter}}.`,
    }),
  );
}

export const textTemplate = defineNode({
  type: "text-template",
  version: 1,
  title: "Template",
  group: "text",
  help: "Writes texts and numbers into a sentence: {a}, {b}, {c} and {d} are replaced by what is wired into A to D.",
  example: "“{a} at {b}, watercolour” with harbour and dusk gives “harbour at dusk, watercolour”.",
  keywords: ["prompt", "format", "fill in", "placeholder", "string"],
  inputs: { a: slot("a"), b: slot("b"), c: slot("c"), d: slot("d") },
  params: z.strictObject({
    template: longText().default("{a}, {b}").meta({
      label: "Template",
      widget: "textarea",
      placeholder: "{a} at {b}, watercolour",
      pinned: true,
    }),
  }),
  outputs: { text: one("text", "Text") },
  evaluate: ({ template, ...slots }) => {
    const missing = letters.find(
      (letter) => template.includes(`{${letter}}`) && slots[letter] === undefined,
    );
    if (missing !== undefined) {
      return refuses(
        `The template says {${missing}}, but nothing is wired into ${missing.toUpperCase()}.`,
        missing,
      );
    }
    const pieces = fill(template, slots);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return tooLongText(length) ?? gives({ text: textValue(pieces.join("")) });
  },
});

/** The template cut at its placeholders, with what stands there between the cuts. */
function fill(template: string, slots: Readonly<Partial<Record<string, string>>>): string[] {
  // A split at a group gives text, letter, text, letter, …, text.
  return template
    .split(/\{([abcd])\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : (slots[piece] ?? "")));
}
