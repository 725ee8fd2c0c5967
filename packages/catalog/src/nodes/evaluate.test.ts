import type { Json, Value } from "@heddle/core";
import { assert } from "@heddle/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalog } from "../index.ts";

const text = (words: string) => ({ media: "text", text: words }) as const;
const number = (value: number) => ({ media: "number", number: value }) as const;
const texts = (...items: string[]) => ({
  media: "list" as const,
  of: "text" as const,
  items: items.map(text),
});
const artifact = {
  sha256: "b".repeat(64),
  contentType: "image/png",
  sizeBytes: 9,
  width: 4,
  height: 4,
};

/** As the orchestrator does it: parameters checked first, then the work. */
function evaluate(type: string, params: Record<string, Json>, inputs: Record<string, Value> = {}) {
  const node = catalog.get(type);
  assert(node?.work.kind === "evaluate", `${type} evaluates`);
  const result = node.work.evaluate(node.params.parse(params), inputs);
  return result.ok ? result.outputs : result.error;
}

function wrong(type: string, params: Record<string, Json>): string | undefined {
  return catalog.get(type)?.params.safeParse(params).error?.issues[0]?.message;
}

describe("inputs", () => {
  it("give their own value, or what the run brings", () => {
    expect(evaluate("input-text", { value: "hi" })).toEqual({ text: text("hi") });
    expect(evaluate("input-text", { value: "hi" }, { value: text("ho") })).toEqual({
      text: text("ho"),
    });
    expect(evaluate("input-number", { value: 2.5 })).toEqual({ number: number(2.5) });
    expect(evaluate("seed", { value: 41, mode: "random" })).toEqual({ seed: number(41) });
    expect(evaluate("input-texts", { value: ["a", "b"] })).toEqual({ texts: texts("a", "b") });
  });

  it("hold a number to its own bounds, also when the run brings it", () => {
    const params = { min: 0, max: 1, value: 0.5 };
    expect(evaluate("input-number", params, { value: number(7) })).toEqual({
      portId: "value",
      message: "Number must not be above the largest number.",
    });
    expect(wrong("input-number", { min: 2, max: 1, value: 2 })).toBe(
      "must not be below the smallest number",
    );
    expect(wrong("input-number", { integer: true, value: 0.5 })).toBe("must be a whole number");
  });

  it("refuse a choice that is not an option", () => {
    const params = { options: ["ink", "neon"], value: "ink" };
    expect(evaluate("input-choice", params)).toEqual({ text: text("ink") });
    expect(evaluate("input-choice", params, { value: text("oil") })).toEqual({
      portId: "value",
      message: "Chosen must be one of ink, neon.",
    });
    expect(wrong("input-choice", { options: ["a", "a"], value: "a" })).toBe(
      "must not name the same option twice",
    );
  });

  it.each(["image", "video", "lora"] as const)(
    "give a stored %s, and ask for one when there is none",
    (media) => {
      const stored = { media, artifact };
      expect(evaluate(`input-${media}`, { value: artifact })).toEqual({ [media]: stored });
      expect(evaluate(`input-${media}`, {}, { value: stored })).toEqual({ [media]: stored });
      expect(evaluate(`input-${media}`, {})).toMatchObject({
        portId: "value",
        message: expect.stringMatching(/^Choose a/),
      });
    },
  );

  it("give a list of pictures in order", () => {
    const other = { ...artifact, sha256: "c".repeat(64) };
    expect(evaluate("input-images", { value: [artifact, other] })).toEqual({
      images: {
        media: "list",
        of: "image",
        items: [artifact, other].map((one) => ({ media: "image", artifact: one })),
      },
    });
  });

  it("refuse names that no API could use", () => {
    const refused = ["", "Image", "2nd", "a-b", "__proto__", "ü", "a".repeat(65)];
    const accepted = refused.filter((name) => wrong("input-text", { name }) === undefined);
    expect(accepted).toEqual([]);
    expect(wrong("input-text", { name: "Image" })).toMatch(/^must start with a lower-case letter/);
  });
});

describe("texts", () => {
  it("a template writes texts and numbers where the letters stand, and leaves other braces alone", () => {
    const inputs = { a: text("harbour"), b: number(0.1 + 0.2) };
    const template = '{a} at {b}: {"x": {e}} {a}';
    expect(evaluate("text-template", { template }, inputs)).toEqual({
      text: text('harbour at 0.3: {"x": {e}} harbour'),
    });
  });

  it("a template does not read what it wrote as a placeholder again", () => {
    expect(
      evaluate("text-template", { template: "{a}{b}" }, { a: text("{b}$&"), b: text("x") }),
    ).toEqual({
      text: text("{b}$&x"),
    });
  });

  it("a template names the letter that is not wired, and refuses a picture", () => {
    expect(evaluate("text-template", { template: "{a} {c}" }, { a: text("x") })).toEqual({
      portId: "c",
      message: "The template says {c}, but nothing is wired into C.",
    });
    expect(
      evaluate("text-template", { template: "{a}" }, { a: { media: "image", artifact } }),
    ).toEqual({
      portId: "a",
      message: "A must be a text or a number.",
    });
  });

  it("join and split undo each other for parts that hold no separator", () => {
    const part = fc.string({ minLength: 1 }).filter((words) => !words.includes(";"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        const joined = evaluate(
          "text-join",
          { separator: ";", skipEmpty: false },
          { texts: texts(...parts) },
        );
        assert("text" in joined && joined.text?.media === "text", "joined");
        const params = { separator: ";", trim: false, skipEmpty: false };
        expect(evaluate("text-split", params, { text: joined.text })).toEqual({
          texts: texts(...parts),
        });
      }),
    );
  });

  it("understand \\n, \\t and \\\\ in a separator", () => {
    expect(evaluate("text-join", { separator: "\\n" }, { texts: texts("a", "", "b") })).toEqual({
      text: text("a\nb"),
    });
    expect(evaluate("text-split", { separator: "\\t" }, { text: text(" a\t\tb ") })).toEqual({
      texts: texts("a", "b"),
    });
    expect(evaluate("text-join", { separator: "\\\\n" }, { texts: texts("a", "b") })).toEqual({
      text: text("a\\nb"),
    });
  });

  it("refuse an empty separator, too many parts, and a text beyond the limit", () => {
    expect(wrong("text-split", { separator: "" })).toBe("must have at least 1 character");
    expect(evaluate("text-split", {}, { text: text("a\n".repeat(10_001)) })).toMatchObject({
      portId: "text",
    });
    const long = text("x".repeat(60_000));
    expect(evaluate("text-template", { template: "{a}{b}" }, { a: long, b: long })).toMatchObject({
      message: expect.stringContaining("the limit is 100000"),
    });
  });

  it("measure a text before they make it: gigabytes are refused, not built", () => {
    const long = text("x".repeat(100_000));
    const template = "{a}".repeat(33_000);
    expect(evaluate("text-template", { template }, { a: long })).toMatchObject({
      message: "The text would have 3300000000 characters; the limit is 100000.",
    });
    const joined = evaluate("text-join", {}, { texts: texts(...Array(10_000).fill(long.text)) });
    expect(joined).toMatchObject({ message: expect.stringContaining("the limit is 100000") });
  });

  it("pick by position from either end, and by chance evenly and repeatably", () => {
    const three = { texts: texts("dawn", "noon", "dusk") };
    expect(evaluate("text-pick", { position: 3 }, three)).toEqual({ text: text("dusk") });
    expect(evaluate("text-pick", { position: -1 }, three)).toEqual({ text: text("dusk") });
    expect(evaluate("text-pick", { position: 4 }, three)).toEqual({
      portId: "position",
      message: "There is no item 4: the list has 3 items.",
    });
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 3_000; seed += 1) {
      const picked = evaluate("text-pick", { by: "chance", seed }, three);
      expect(evaluate("text-pick", { by: "chance", seed }, three)).toEqual(picked);
      const key = JSON.stringify(picked);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });
});

describe("flow", () => {
  it("a list hands on what is gathered, whatever its type", () => {
    const items = {
      media: "list" as const,
      of: "image" as const,
      items: [{ media: "image" as const, artifact }],
    };
    expect(evaluate("list", {}, { items })).toEqual({ items });
  });

  it("a pick takes any item, and says when there is none", () => {
    expect(evaluate("pick", { position: 2 }, { items: texts("a", "b") })).toEqual({
      item: text("b"),
    });
    expect(evaluate("pick", {}, { items: texts() })).toEqual({
      portId: "items",
      message: "The list is empty: there is nothing to pick.",
    });
    expect(wrong("pick", { position: 0 })).toBe("must not be 0: 1 is the first item, -1 the last");
  });

  const numbersOf = (params: Record<string, Json>): number[] => {
    const outputs = evaluate("sweep", params);
    assert("numbers" in outputs && outputs.numbers?.media === "list", "a list");
    return outputs.numbers.items.map((item) =>
      item.media === "number" ? item.number : Number.NaN,
    );
  };

  it("a sweep reads as people would write it", () => {
    expect(numbersOf({ from: 2, to: 8, count: 4 })).toEqual([2, 4, 6, 8]);
    expect(numbersOf({ from: 0, to: 0.3, count: 4 })).toEqual([0, 0.1, 0.2, 0.3]);
    expect(numbersOf({ from: 1, to: -1, count: 2 })).toEqual([1, -1]);
    expect(numbersOf({ from: 5, to: 9, count: 1 })).toEqual([5]);
    expect(numbersOf({ from: 0, to: 1, count: 4, whole: true })).toEqual([0, 0, 1, 1]);
    expect(numbersOf({ by: "values", values: "0.2, .5;  8\n-1e2" })).toEqual([0.2, 0.5, 8, -100]);
  });

  it("a sweep has as many numbers as asked, both ends exactly, and never turns back", () => {
    const bound = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 2, max: 256 }), (from, to, count) => {
        const numbers = numbersOf({ from, to, count });
        expect(numbers.length).toBe(count);
        expect(numbers[0]).toBe(from);
        expect(numbers.at(-1)).toBe(to);
        const steps = numbers
          .slice(1)
          .map((number, index) => (number - (numbers[index] ?? 0)) * Math.sign(to - from));
        const noise = Math.max(Math.abs(from), Math.abs(to)) * 1e-11;
        expect(Math.min(...steps)).toBeGreaterThanOrEqual(-noise);
      }),
    );
  });

  it("a sweep refuses values that are no numbers, and too many", () => {
    expect(wrong("sweep", { by: "values", values: "1, two" })).toMatch(/^must hold numbers only/);
    expect(wrong("sweep", { by: "values", values: " " })).toMatch(/^must hold at least one number/);
    expect(wrong("sweep", { by: "values", values: "1e999" })).toMatch(/^must hold numbers only/);
    expect(wrong("sweep", { by: "values", values: "1 ".repeat(257) })).toMatch(/at most 256/);
    expect(wrong("sweep", { count: 0 })).toBe("must be at least 1");
  });
});

describe("outputs", () => {
  it.each([
    ["output-text", text("hi")],
    ["output-text", texts("a", "b")],
    ["output-image", { media: "image" as const, artifact }],
    ["output-file", number(3)],
  ])("%s hands its value on", (type, value) => {
    expect(evaluate(type, {}, { value })).toEqual({ value });
  });
});
