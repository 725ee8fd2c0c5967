import { assert } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { catalog, inputJsonSchema } from "./index.ts";

function valueOf(type: string) {
  const field = catalog.get(type)?.fields.find(({ name }) => name === "value");
  assert(field !== undefined, `${type} has a value`);
  return field;
}

describe("inputJsonSchema", () => {
  it("describes a number with the bounds of its node", () => {
    const field = { ...valueOf("input-number"), label: "Strength", min: 0, max: 1, default: 0.5 };
    expect(inputJsonSchema(field)).toEqual({
      type: "number",
      minimum: 0,
      maximum: 1,
      title: "Strength",
      default: 0.5,
    });
  });

  it("describes a seed as an integer", () => {
    expect(inputJsonSchema(valueOf("seed"))).toMatchObject({
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
    });
  });

  it("describes a choice as an enum", () => {
    const options = ["ink", "neon"].map((value) => ({ value, label: value }));
    expect(inputJsonSchema({ ...valueOf("input-choice"), options })).toMatchObject({
      type: "string",
      enum: ["ink", "neon"],
    });
  });

  it("describes files as URLs or answers of an upload, and lists as arrays", () => {
    const image = inputJsonSchema(valueOf("input-image"));
    expect(image).toMatchObject({
      anyOf: [
        { type: "string", format: "uri" },
        { type: "object", required: ["url"] },
      ],
    });
    expect(inputJsonSchema(valueOf("input-images"))).toMatchObject({
      type: "array",
      items: { anyOf: image.anyOf },
    });
    expect(inputJsonSchema(valueOf("input-texts"))).toMatchObject({
      type: "array",
      items: { type: "string" },
    });
  });
});
