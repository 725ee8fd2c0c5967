import { describe, expect, it } from "vitest";
import type { ScalarValue, Value } from "../media.ts";
import { collectItems, expandItems } from "./expand-items.ts";
import { resolveInputs } from "./resolve-inputs.ts";

const text = (value: string): ScalarValue => ({ media: "text", text: value });
const list = (...values: string[]): Value => ({
  media: "list",
  of: "text",
  items: values.map(text),
});
const limits = { fanOut: 3 };

function expand(mapped: string[], inputs: Record<string, Value>) {
  return expandItems({ mapped }, inputs, limits);
}

describe("expandItems", () => {
  it("R8, R11: gives one set of inputs per item, in order; what is not mapped goes to each", () => {
    expect(expand(["a"], { a: list("1", "2"), b: list("x", "y") })).toEqual({
      ok: true,
      items: [
        { a: text("1"), b: list("x", "y") },
        { a: text("2"), b: list("x", "y") },
      ],
    });
    expect(expand(["a"], { a: list() })).toEqual({ ok: true, items: [] });
  });

  it("R11: zips lists of one length, and repeats a list of one", () => {
    const result = expand(["a", "b", "c"], { a: list("1", "2"), b: list("x"), c: list("p", "q") });
    expect(result.ok && result.items).toEqual([
      { a: text("1"), b: text("x"), c: text("p") },
      { a: text("2"), b: text("x"), c: text("q") },
    ]);
    expect(expand(["a", "b"], { a: list("1"), b: list() })).toEqual({ ok: true, items: [] });
  });

  it("R11: refuses other lengths and too many items, naming the port", () => {
    expect(expand(["a", "b"], { a: list("1", "2", "3"), b: list("x", "y") })).toEqual({
      ok: false,
      error: {
        class: "USER",
        code: "list_lengths",
        message:
          "lists that are mapped together must be of one length, or of length 1: a has 3, b has 2",
        portId: "b",
      },
    });
    expect(expand(["a", "b"], { a: list("1", "2"), b: list() }).ok).toBe(false);
    expect(expand(["a"], { a: list("1", "2", "3", "4") })).toMatchObject({
      ok: false,
      error: {
        code: "too_many_items",
        portId: "a",
        message: expect.stringContaining("limit fanOut"),
      },
    });
  });
});

describe("collectItems", () => {
  it("R8: puts the items' outputs back together in order; an empty list keeps its media type", () => {
    const outputs = { image: { media: "text" as const, list: true } };
    expect(collectItems(outputs, [{ image: text("1") }, { image: text("2") }])).toEqual({
      image: list("1", "2"),
    });
    expect(collectItems(outputs, [])).toEqual({ image: list() });
  });
});

describe("resolveInputs", () => {
  it("T5: gathers several wires in order, splicing lists in", () => {
    const values: Record<string, Value> = { one: text("1"), many: list("2", "3") };
    const step = (id: string) => ({ kind: "step" as const, step: id, port: "out" });
    const inputs = resolveInputs(
      {
        inputs: {
          direct: step("many"),
          gathered: {
            kind: "list",
            of: "any",
            items: [step("one"), step("many"), { kind: "value", value: text("4") }],
          },
        },
      },
      (id) => values[id],
    );
    expect(inputs).toEqual({ direct: list("2", "3"), gathered: list("1", "2", "3", "4") });
  });

  it("throws when something it needs is not there: a bug of whoever calls", () => {
    const inputs = { a: { kind: "step" as const, step: "gone", port: "out" } };
    expect(() => resolveInputs({ inputs }, () => undefined)).toThrow(
      "step gone has no output out yet",
    );
  });
});
