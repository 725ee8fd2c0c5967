import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineNode } from "./define-node.ts";
import { one } from "./outputs.ts";
import { image, optional, text } from "./ports.ts";
import { gives, textValue } from "./values.ts";

const artifact = {
  sha256: "a".repeat(64),
  contentType: "image/png",
  sizeBytes: 3,
  width: 2,
  height: 1,
};
const node = defineNode({
  type: "stamp",
  version: 1,
  title: "Stamp",
  group: "text",
  help: "Stamps.",
  example: "Stamp.",
  inputs: { image: image({ label: "Image" }), note: optional(text({ label: "Note" })) },
  params: z
    .strictObject({
      width: z.int().min(1).max(10).default(5).meta({ label: "Width", unit: "px" }),
      word: z.string().max(3).default("a").meta({ label: "Word" }),
    })
    .refine(({ width, word }) => word.length <= width, {
      path: ["word"],
      error: "must fit the width",
    }),
  outputs: { text: one("text", "Text") },
  evaluate: ({ image, note, width, word }) =>
    gives({ text: textValue(`${image.sha256.slice(0, 2)} ${note ?? "-"} ${width} ${word}`) }),
});
const wired = { image: { media: "image", artifact } } as const;

function evaluate(
  params: Parameters<typeof node.read>[0],
  inputs: Parameters<typeof node.read>[1],
) {
  if (node.work.kind !== "evaluate") throw new Error("evaluates");
  return node.work.evaluate(params, inputs);
}

describe("defineNode", () => {
  it("hands the work its defaults, its parameters and its wired values", () => {
    expect(evaluate({ width: 7 }, wired)).toEqual({
      ok: true,
      outputs: { text: textValue("aa - 7 a") },
    });
  });

  it("lets a value wired into a parameter win, and checks it as if a person had set it", () => {
    const number = { media: "number", number: 3 } as const;
    expect(evaluate({ width: 7 }, { ...wired, width: number })).toMatchObject({
      outputs: { text: { text: "aa - 3 a" } },
    });
    expect(evaluate({}, { ...wired, width: { media: "number", number: 2.5 } })).toEqual({
      ok: false,
      error: { portId: "width", message: "Width must be a whole number." },
    });
  });

  it("names the port that nothing is wired into", () => {
    expect(evaluate({}, {})).toEqual({
      ok: false,
      error: { portId: "image", message: "Image needs something wired into it." },
    });
  });

  it.each([
    [{ width: 99 }, "must be at most 10 px"],
    [{ width: 0 }, "must be at least 1 px"],
    [{ width: Number.NaN }, "must be a number"],
    [{ width: "wide" }, "must be a number"],
    [{ word: "long word" }, "must have at most 3 characters"],
    [{ width: 1, word: "abc" }, "must fit the width"],
    [{ colour: "red" }, 'has no parameter called "colour"'],
  ])("says what is wrong with %j", (params, message) => {
    const parsed = node.params.safeParse(params);
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it("reports every wrong parameter with its path", () => {
    const issues = node.params.safeParse({ width: 99, word: "long word" }).error?.issues ?? [];
    expect(issues.map(({ path }) => path)).toEqual([["width"], ["word"]]);
  });

  it("refuses two fields of one name", () => {
    expect(() =>
      defineNode({
        type: "twice",
        version: 1,
        title: "Twice",
        group: "text",
        help: "Twice.",
        example: "Twice.",
        inputs: { image: image({ label: "Image" }) },
        params: z.strictObject({ image: z.string().default("").meta({ label: "Image" }) }),
        outputs: {},
        evaluate: () => gives({}),
      }),
    ).toThrow(/two fields/);
  });
});
