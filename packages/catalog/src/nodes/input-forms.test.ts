import { describeInterface, parseDocument, type Json } from "@heddle/core";
import { expect, it } from "vitest";
import { catalog } from "../index.ts";

function fieldOf(type: string, params: Record<string, Json>) {
  const parsed = parseDocument({
    heddle: 1,
    name: "Form",
    nodes: { n: { type, position: { x: 0, y: 0 }, params } },
  });
  if (!parsed.ok) throw new Error("a document");
  return describeInterface(parsed.document, catalog).inputs[0];
}

it("a number with both bounds is a slider in the form, any other a field", () => {
  expect(fieldOf("input-number", { min: 0, max: 1, value: 0.5, step: 0.1 })?.field).toMatchObject({
    widget: "slider",
    min: 0,
    max: 1,
    step: 0.1,
  });
  expect(fieldOf("input-number", { min: 0 })?.field.widget).toBe("number");
  expect(fieldOf("seed", {})?.field.widget).toBe("seed");
});

it("a text has several lines in the form unless it is told otherwise", () => {
  expect(fieldOf("input-text", {})?.field.widget).toBe("textarea");
  expect(fieldOf("input-text", { multiline: false })?.field.widget).toBe("text");
});

it("a choice shows its own options, and a file without a default is required", () => {
  expect(
    fieldOf("input-choice", { options: ["ink", "neon"], value: "ink" })?.field.options,
  ).toEqual([
    { value: "ink", label: "ink" },
    { value: "neon", label: "neon" },
  ]);
  expect(fieldOf("input-image", { name: "photo", label: "Your photo" })).toMatchObject({
    name: "photo",
    label: "Your photo",
    required: true,
  });
  expect(fieldOf("input-images", { required: true })).toMatchObject({ required: true });
  expect(fieldOf("input-text", {})).toMatchObject({ required: false });
});
