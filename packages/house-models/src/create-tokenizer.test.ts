import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createTokenizer, houseTextToImage } from "./index.ts";

const { vocabulary, length } = houseTextToImage.tokenizer;
const tokenize = createTokenizer(houseTextToImage.tokenizer);
const words = (text: string) =>
  tokenize(text)
    .filter((id) => id !== 0)
    .map((id) => vocabulary[id]);

const file = new URL("../evaluation/text-to-image/reference.json", import.meta.url);
const { tokens } = z
  .object({ tokens: z.array(z.object({ text: z.string(), ids: z.array(z.int()) })) })
  .parse(JSON.parse(readFileSync(file, "utf8")));

describe("the tokenizer", () => {
  it.each(tokens)("gives the numbers that it was trained with: $text", ({ text, ids }) => {
    expect(tokenize(text)).toEqual(ids);
  });

  it("keeps known words whole and cuts the others", () => {
    expect(words("A red boat, at DUSK!")).toEqual(["a", "red", "boat", "at", "dusk"]);
    expect(words("boats zq7")).toEqual(["boat", "##s", "z", "##q", "7"]);
  });

  it("gives the same number of tokens for any text, and reads no more of it than it needs", () => {
    for (const text of ["", "火山", "word ".repeat(200_000), "x".repeat(1_000_000)]) {
      expect(tokenize(text)).toHaveLength(length);
    }
  });
});
