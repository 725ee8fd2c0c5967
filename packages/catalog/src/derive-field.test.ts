import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deriveField } from "./derive-field.ts";
import { colourParam, fileParam } from "./params.ts";
import { image, images, optional } from "./ports.ts";

describe("deriveField", () => {
  it("reads range, step and unit of a number", () => {
    const schema = z.int().min(1).max(16_384).default(1024).meta({ label: "Width", unit: "px" });
    expect(deriveField("width", schema)).toEqual({
      name: "width",
      kind: "param",
      type: { media: "number", list: false },
      required: false,
      label: "Width",
      unit: "px",
      default: 1024,
      min: 1,
      max: 16_384,
      step: 1,
      integer: true,
      widget: "number",
      wirable: true,
    });
  });

  it("does not take zod's safe integer range for a range that somebody chose", () => {
    const field = deriveField("count", z.int().default(1).meta({ label: "Count" }));
    expect(field).not.toHaveProperty("min");
    expect(field).not.toHaveProperty("max");
  });

  it("turns an enum into a menu, with a label of its own or the value's", () => {
    const schema = z
      .enum(["cover", "fill"])
      .default("fill")
      .meta({ label: "Fit", options: { cover: "Cut off" } });
    expect(deriveField("fit", schema)).toMatchObject({
      widget: "select",
      type: { media: "text", list: false },
      options: [
        { value: "cover", label: "Cut off" },
        { value: "fill", label: "Fill" },
      ],
    });
  });

  it("never turns a switch into a port", () => {
    expect(
      deriveField("invert", z.boolean().default(false).meta({ label: "Invert" })),
    ).toMatchObject({
      widget: "switch",
      wirable: false,
    });
  });

  it("makes media fields ports: required, or optional", () => {
    const port = { name: "mask", kind: "port", widget: "port", label: "Mask", wirable: true };
    const type = { media: "image", list: false };
    expect(deriveField("mask", image({ label: "Mask" }))).toEqual({
      ...port,
      type,
      required: true,
    });
    expect(deriveField("mask", optional(image({ label: "Mask" })))).toEqual({
      ...port,
      type,
      required: false,
    });
    expect(deriveField("mask", images({ label: "Mask" })).type).toEqual({
      media: "image",
      list: true,
    });
  });

  it("requires a file that has no default, and an empty bound is a default", () => {
    expect(deriveField("value", fileParam("lora", "LoRA"))).toMatchObject({
      required: true,
      widget: "file",
      type: { media: "lora", list: false },
      wirable: false,
    });
    expect(deriveField("value", fileParam("lora", "LoRA"))).not.toHaveProperty("default");
    const bound = z.number().nullable().default(null).meta({ label: "Smallest" });
    expect(deriveField("min", bound)).toMatchObject({ required: false, default: null });
  });

  it("shows a colour as a colour", () => {
    expect(deriveField("colour", colourParam("#ff0000", { label: "Colour" }))).toMatchObject({
      widget: "colour",
      default: "#ff0000",
    });
  });

  it("refuses a field without a label and a schema that no form can show", () => {
    expect(() => deriveField("x", z.string())).toThrow(/no label/);
    expect(() => deriveField("x", z.date().meta({ label: "X" }))).toThrow(/neither/);
  });
});
