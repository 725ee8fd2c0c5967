import { z } from "zod";
import { jsonSchema, type Json } from "../json.ts";
import { artifactRefSchema, type MediaType, type PortType, type Value } from "../media.ts";
import type { Catalog, Field, NodeType, NodeWork, OutputPort } from "../node-type.ts";
import { jsonToValue } from "../value-json.ts";

/** A small catalog for the tests of core, which may not import the real one. */

const one = (media: PortType["media"]): PortType => ({ media, list: false });
const many = (media: PortType["media"]): PortType => ({ media, list: true });

function port(name: string, type: PortType, required = true): Field {
  return { name, kind: "port", type, required, label: name, widget: "port", wirable: true };
}

function param(name: string, media: MediaType, about: Partial<Field> = {}): Field {
  return {
    name,
    kind: "param",
    type: one(media),
    required: about.default === undefined,
    label: name,
    widget: media === "number" ? "number" : "text",
    wirable: true,
    ...about,
  };
}

function out(name: string, type: PortType, sameAs?: string): OutputPort {
  return { name, label: name, type, ...(sameAs !== undefined && { sameAs }) };
}

type Shape = Readonly<Record<string, z.ZodType>>;

interface Declaration {
  readonly type: string;
  readonly role?: "input" | "output";
  readonly fields: readonly Field[];
  readonly params?: Shape;
  readonly outputs: readonly OutputPort[];
  readonly work?: NodeWork;
  readonly bypass?: Readonly<Record<string, string>>;
  readonly estimateMs?: NodeType["estimateMs"];
}

const paramsSchema = z.record(z.string(), jsonSchema);

function node(declaration: Declaration): NodeType {
  const { type, role, fields, params = {}, outputs, bypass } = declaration;
  const work = declaration.work ?? { kind: "op", op: type };
  return {
    type,
    version: 1,
    title: type
      .split("-")
      .map((word) => word[0]?.toUpperCase() + word.slice(1))
      .join(" "),
    group: "flow",
    ...(role !== undefined && { role }),
    help: "",
    example: "",
    keywords: [],
    fields,
    outputs,
    params: z.strictObject(params).pipe(paramsSchema),
    work,
    price: { unit: "second", usd: work.kind === "op" ? 0.0002 : 0 },
    estimateMs: declaration.estimateMs ?? ((_, megapixels) => 100 * megapixels),
    ...(bypass !== undefined && { bypass }),
  };
}

function evaluate(work: (all: Record<string, Json | Value>) => Record<string, Value>): NodeWork {
  return {
    kind: "evaluate",
    evaluate: (params, inputs) => ({ ok: true, outputs: work({ ...params, ...inputs }) }),
  };
}

const apiName = z.string().default("x");
const named = (name: string): [Field, Shape] => [
  param("name", "text", { default: name, wirable: false }),
  { name: apiName.default(name), label: z.string().default(""), help: z.string().default("") },
];

interface InputDeclaration {
  readonly type: string;
  readonly media: PortType;
  readonly schema: z.ZodType;
  readonly initial?: Json;
  readonly about?: Partial<Field>;
  readonly more?: Shape;
}

function input({ type, media, schema, initial, about, more }: InputDeclaration): NodeType {
  const [nameField, nameShape] = named(type.slice(6));
  const scalar = media.media === "any" ? "text" : media.media;
  const hasDefault = initial !== undefined && initial !== null;
  const start = { ...(hasDefault && { default: initial }), type: media, wirable: false, ...about };
  const value = param("value", scalar, start);
  return node({
    type,
    role: "input",
    fields: [value, nameField],
    params: { value: schema, ...nameShape, ...more },
    outputs: [out("value", media)],
    work: {
      kind: "evaluate",
      evaluate: (params) => {
        const found = jsonToValue(params["value"] ?? null, media);
        if (found !== null) return { ok: true, outputs: { value: found } };
        return { ok: false, error: { portId: "value", message: "has no value" } };
      },
    },
  });
}

function output(type: string, media: PortType["media"]): NodeType {
  const [nameField, nameShape] = named(type.slice(7));
  return node({
    type,
    role: "output",
    fields: [port("value", one(media)), nameField],
    params: nameShape,
    outputs: [out("value", one(media), media === "any" ? "value" : undefined)],
    work: evaluate(({ value }) => ({ value: value as Value })),
  });
}

const bound = z.number().nullable().default(null);
const image = port("image", one("image"));

const nodeTypes: readonly NodeType[] = [
  input({
    type: "input-image",
    media: one("image"),
    schema: artifactRefSchema.nullable().default(null),
    initial: null,
    about: { widget: "file" },
  }),
  input({
    type: "input-number",
    media: one("number"),
    schema: z.number().default(1),
    initial: 1,
    more: { min: bound, max: bound, integer: z.boolean().default(false) },
  }),
  input({
    type: "input-text",
    media: one("text"),
    schema: z.string().default(""),
    initial: "",
    more: { required: z.boolean().default(false) },
  }),
  input({
    type: "input-texts",
    media: many("text"),
    schema: z.array(z.string()).default([]),
    initial: [],
    about: { widget: "texts" },
  }),
  input({
    type: "input-choice",
    media: one("text"),
    schema: z.string().default("ink"),
    initial: "ink",
    more: { options: z.array(z.string()).default(["ink", "neon"]) },
  }),
  node({
    type: "seed",
    role: "input",
    fields: [
      param("value", "number", { default: 1, widget: "seed", integer: true, wirable: false }),
      param("mode", "text", { default: "fixed", wirable: false }),
      param("name", "text", { default: "seed", wirable: false }),
    ],
    params: {
      value: z.int().min(0).max(4294967295).default(1),
      mode: z.enum(["fixed", "random", "increment"]).default("fixed"),
      name: apiName.default("seed"),
    },
    outputs: [out("seed", one("number"))],
    work: evaluate(({ value }) => ({ seed: { media: "number", number: Number(value) } })),
  }),
  node({
    type: "adjust",
    fields: [
      image,
      param("brightness", "number", { default: 1, min: 0, max: 3 }),
      param("contrast", "number", { default: 1, min: 0, max: 3 }),
    ],
    params: {
      brightness: z.number().min(0).max(3).default(1),
      contrast: z.number().min(0).max(3).default(1),
    },
    outputs: [out("image", one("image"))],
  }),
  node({
    type: "resize",
    fields: [image, param("width", "number", { default: 512, min: 1, max: 16384, integer: true })],
    params: { width: z.int().min(1).max(16384).default(512) },
    outputs: [out("image", one("image"))],
  }),
  node({
    type: "blend",
    fields: [port("base", one("image")), port("top", one("image"), false)],
    outputs: [out("image", one("image"))],
    bypass: { image: "top" },
  }),
  node({
    type: "generate",
    fields: [
      param("prompt", "text"),
      param("seed", "number", { default: 0, min: 0, max: 4294967295, integer: true }),
      port("start", one("image"), false),
    ],
    params: { prompt: z.string().min(1), seed: z.int().min(0).max(4294967295).default(0) },
    outputs: [out("image", one("image"))],
    work: {
      kind: "op",
      op: "text-to-image",
      model: { id: "small", sha256: "a".repeat(64), sizeBytes: 1 },
    },
    estimateMs: () => 2000,
  }),
  node({
    type: "grid",
    fields: [port("images", many("image"))],
    outputs: [out("image", one("image"))],
  }),
  node({
    type: "split",
    fields: [param("text", "text", { default: "" })],
    params: { text: z.string().default("") },
    outputs: [out("texts", many("text"))],
    work: evaluate(({ text }) => ({
      texts: {
        media: "list",
        of: "text",
        items: textOf(text)
          .split(",")
          .map((part) => ({ media: "text", text: part })),
      },
    })),
  }),
  node({
    type: "upper",
    fields: [port("text", one("text"))],
    outputs: [out("text", one("text"))],
    work: evaluate(({ text }) => ({ text: { media: "text", text: textOf(text).toUpperCase() } })),
  }),
  node({
    type: "list",
    fields: [port("items", many("any"))],
    outputs: [out("items", many("any"), "items")],
    work: evaluate(({ items }) => ({ items: items as Value })),
  }),
  node({
    type: "pick",
    fields: [port("items", many("any")), param("position", "number", { default: 1 })],
    params: { position: z.int().default(1) },
    outputs: [out("item", one("any"), "items")],
    work: evaluate(({ items }) => ({ item: items as Value })),
  }),
  node({
    type: "switch",
    fields: [port("a", one("any"), false), port("b", one("any"), false)],
    outputs: [out("chosen", one("any"), "a")],
    work: {
      kind: "evaluate",
      evaluate: (_, { a, b }) => {
        const chosen = a ?? b;
        if (chosen !== undefined) return { ok: true, outputs: { chosen } };
        return { ok: false, error: { message: "wire something in" } };
      },
    },
  }),
  node({
    type: "cross",
    fields: [port("a", many("any")), port("b", many("any"))],
    outputs: [out("as", many("any"), "a"), out("bs", many("any"), "b")],
    work: evaluate(({ a, b }) => ({ as: a as Value, bs: b as Value })),
  }),
  output("output-image", "image"),
  output("output-text", "text"),
  output("output-any", "any"),
];

function textOf(value: Json | Value | undefined): string {
  if (typeof value === "string") return value;
  const text = typeof value === "object" && value !== null && "text" in value ? value["text"] : "";
  return typeof text === "string" ? text : "";
}

export const testCatalog: Catalog = new Map(nodeTypes.map((type) => [type.type, type]));
