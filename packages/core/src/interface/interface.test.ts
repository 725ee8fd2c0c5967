import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../limits.ts";
import { buildDocument, testImage } from "../testing/build-document.ts";
import { testCatalog } from "../testing/test-catalog.ts";
import { describeInterface } from "./describe-interface.ts";
import { parseRunInput } from "./parse-run-input.ts";

const at = (x: number, y: number) => ({ position: { x, y } });
const document = buildDocument(
  {
    s: [
      "input-number",
      {
        name: "strength",
        value: 1,
        min: 0,
        max: 2,
        integer: true,
        label: "Strength",
        help: "How much",
      },
      at(0, 50),
    ],
    p: ["input-image", { name: "photo" }, { ...at(10, 0), title: "Your photo" }],
    c: ["input-choice", { name: "style", options: ["ink", "neon"] }, at(5, 0)],
    l: ["input-texts", { name: "words", value: ["a"] }, at(0, 60)],
    t: ["input-text", { name: "note", required: true }, at(0, 70)],
    d: ["seed", { name: "dice", mode: "random" }, at(0, 80)],
    m: ["input-text", { name: "muted" }, { ...at(0, -5), mode: "muted" }],
    o: ["output-image", { name: "result" }, at(0, 0)],
    w: ["output-any", { name: "others" }, at(-1, 0)],
  },
  ["p.value > o.value", "l.value > w.value"],
);
const { inputs, outputs } = describeInterface(document, testCatalog);
const byName = (name: string) => inputs.find((one) => one.name === name);

function problemsOf(input: unknown) {
  const result = parseRunInput(inputs, input);
  return result.ok ? [] : result.problems;
}

describe("describeInterface", () => {
  it("I1: lists inputs and outputs in canvas order, without muted ones", () => {
    expect(inputs.map(({ name }) => name)).toEqual([
      "style",
      "photo",
      "strength",
      "words",
      "note",
      "dice",
    ]);
    expect(outputs.map(({ name }) => name)).toEqual(["others", "result"]);
    expect(outputs[0]?.type).toEqual({ media: "text", list: true });
  });

  it("I2: gives each field the node's own label, help, range and options", () => {
    expect(byName("strength")).toMatchObject({
      nodeId: "s",
      nodeType: "input-number",
      label: "Strength",
      default: 1,
      required: false,
      field: { name: "value", label: "Strength", help: "How much", min: 0, max: 2, integer: true },
    });
    expect(byName("photo")?.label).toBe("Your photo");
    expect(byName("style")?.field.options).toEqual([
      { value: "ink", label: "ink" },
      { value: "neon", label: "neon" },
    ]);
  });

  it("I3: an input is required when the workflow has no value for it; a drawn seed is not, and has no default", () => {
    const required = inputs.filter((one) => one.required).map(({ name }) => name);
    expect(required).toEqual(["photo", "note"]);
    expect(byName("dice")).not.toHaveProperty("default");
  });
});

describe("parseRunInput", () => {
  const photo = testImage();

  it("I5: takes values, defaults for absent and null, numbers as text, one item for a list", () => {
    expect(
      parseRunInput(inputs, { photo, note: "n", strength: "2", words: "b", style: null }),
    ).toEqual({
      ok: true,
      values: {
        photo: { media: "image", artifact: photo },
        note: { media: "text", text: "n" },
        strength: { media: "number", number: 2 },
        words: { media: "list", of: "text", items: [{ media: "text", text: "b" }] },
      },
    });
  });

  it("I4: reports every problem at once, by input", () => {
    expect(problemsOf({ photo: "x.png", strength: 3, style: "oil", words: [1], nope: 1 })).toEqual([
      {
        code: "input_unknown",
        message:
          'There is no input "nope"; this workflow takes style, photo, strength, words, note, dice',
        path: "input.nope",
      },
      expect.objectContaining({
        path: "input.style",
        message: 'Input "style" must be one of ink, neon; got "oil"',
      }),
      expect.objectContaining({
        path: "input.photo",
        message: 'Input "photo" must be a stored image file, got "x.png"',
      }),
      expect.objectContaining({
        path: "input.strength",
        message: 'Input "strength" must be between 0 and 2, got 3',
      }),
      expect.objectContaining({
        path: "input.words",
        message: 'Input "words" must be a list of text, got [1]',
      }),
      expect.objectContaining({ code: "input_missing", path: "input.note" }),
    ]);
  });

  it("C14, D1: refuses exotic numbers, long texts, long lists, and what is no object", () => {
    const given = { photo, note: "n" };
    for (const strength of [
      NaN,
      Infinity,
      1e308,
      2 ** 53,
      1.5,
      -1,
      "1e400",
      "0x1",
      "",
      true,
      [],
      {},
    ]) {
      expect(problemsOf({ ...given, strength })).toHaveLength(1);
    }
    expect(
      problemsOf({ ...given, note: "x".repeat(defaultLimits.textLength + 1) })[0]?.message,
    ).toContain("limit textLength");
    expect(
      problemsOf({ ...given, words: Array.from({ length: 257 }, () => "x") })[0]?.message,
    ).toContain("limit fanOut");
    for (const input of [[], "x", 1, true]) expect(problemsOf(input)).toHaveLength(1);
  });

  it("D5: names like those of Object are unknown inputs like any other", () => {
    const evil: unknown = JSON.parse('{"__proto__":1}');
    expect(problemsOf(evil)).toMatchObject([{ code: "input_invalid" }]);
    expect(problemsOf({ constructor: 1, photo, note: "n" })).toMatchObject([
      { code: "input_unknown" },
    ]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.dictionary(fc.constantFrom(...inputs.map(({ name }) => name)), fc.anything()),
        ),
        (input) => {
          parseRunInput(inputs, input);
        },
      ),
    );
  });
});
