import { createHash } from "node:crypto";
import {
  compile,
  type Catalog,
  type Document,
  type DocumentNode,
  type Field,
  type Json,
  type ModelRef,
  type NodeType,
  type NodeWork,
  type Plan,
  type PortType,
} from "@heddle/core";
import { z } from "zod";

/** A small catalog for the tests of the engine, which may not import the real one. */

const text: PortType = { media: "text", list: false };
const texts: PortType = { media: "text", list: true };
const image: PortType = { media: "image", list: false };
const number: PortType = { media: "number", list: false };

function port(name: string, type: PortType, required = true): Field {
  return { name, kind: "port", type, required, label: name, widget: "port", wirable: true };
}

function param(name: string, type: PortType, initial: string | number | string[]): Field {
  const widget = type.media === "number" ? "number" : "text";
  return {
    name,
    kind: "param",
    type,
    required: false,
    label: name,
    widget,
    default: initial,
    wirable: true,
  };
}

interface Declaration {
  readonly type: string;
  readonly role?: "input" | "output";
  readonly fields: readonly Field[];
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly output: PortType;
  readonly outputName?: string;
  readonly work: NodeWork;
}

function node({
  type,
  role,
  fields,
  params = {},
  output,
  outputName = "out",
  work,
}: Declaration): NodeType {
  return {
    type,
    version: 1,
    title: type,
    group: "text",
    ...(role === undefined ? {} : { role }),
    help: "",
    example: "",
    keywords: [],
    fields,
    outputs: [{ name: outputName, label: outputName, type: output }],
    params: z.strictObject(params).pipe(z.record(z.string(), z.json())),
    work,
    price: work.kind === "op" ? { unit: "second", usd: 0.0002 } : { unit: "second", usd: 0 },
    estimateMs: () => 10,
  };
}

export function textOf(json: Json | undefined): string {
  return typeof json === "string" ? json : JSON.stringify(json);
}

/** Weights that are nowhere; named by what draws with them. */
export function testModel(name: string): ModelRef {
  const sha256 = createHash("sha256").update(name).digest("hex");
  return { id: `test-${name}`, sha256, sizeBytes: 1_000_000_000 };
}

const nodeTypes: readonly NodeType[] = [
  node({
    type: "text",
    fields: [param("text", text, "a")],
    params: { text: z.string().default("a") },
    output: text,
    work: {
      kind: "evaluate",
      evaluate: (params) => ({
        ok: true,
        outputs: { out: { media: "text", text: textOf(params["text"]) } },
      }),
    },
  }),
  node({
    type: "number",
    fields: [param("number", number, 1)],
    params: { number: z.number().default(1) },
    output: number,
    work: {
      kind: "evaluate",
      evaluate: (params) => ({
        ok: true,
        outputs: { out: { media: "number", number: Number(params["number"]) } },
      }),
    },
  }),
  node({
    type: "texts",
    fields: [param("texts", texts, [])],
    params: { texts: z.array(z.string()).default([]) },
    output: texts,
    work: {
      kind: "evaluate",
      evaluate: (params) => {
        const items = Array.isArray(params["texts"]) ? params["texts"] : [];
        const values = items.map((item) => ({ media: "text" as const, text: textOf(item) }));
        return { ok: true, outputs: { out: { media: "list", of: "text", items: values } } };
      },
    },
  }),
  /** Evaluated: adds a letter, and refuses the word `boom`. */
  node({
    type: "suffix",
    fields: [port("in", text), param("suffix", text, "x")],
    params: { suffix: z.string().default("x") },
    output: text,
    work: {
      kind: "evaluate",
      evaluate: (params, inputs) => {
        const value = inputs["in"];
        const given = value?.media === "text" ? value.text : "";
        if (given === "boom")
          return { ok: false, error: { portId: "in", message: "boom is not a word" } };
        return {
          ok: true,
          outputs: { out: { media: "text", text: `${given}${textOf(params["suffix"])}` } },
        };
      },
    },
  }),
  node({
    type: "join",
    fields: [port("in", texts)],
    output: text,
    work: {
      kind: "evaluate",
      evaluate: (_, inputs) => {
        const list = inputs["in"];
        const items = list?.media === "list" ? list.items : [];
        const joined = items.map((item) => (item.media === "text" ? item.text : "")).join(",");
        return { ok: true, outputs: { out: { media: "text", text: joined } } };
      },
    },
  }),
  /** For a runner: `amount` is 0 to 10. */
  node({
    type: "work",
    fields: [
      port("in", text, false),
      port("more", text, false),
      param("name", text, "w"),
      param("amount", number, 1),
    ],
    params: { name: z.string().default("w"), amount: z.number().min(0).max(10).default(1) },
    output: text,
    work: { kind: "op", op: "work" },
  }),
  /** For a runner: a picture from its name, and from another. */
  node({
    type: "paint",
    fields: [port("in", image, false), param("name", text, "p")],
    params: { name: z.string().default("p") },
    output: image,
    work: { kind: "op", op: "paint" },
  }),
  /** For a runner with a model of a gigabyte: `sketch` with one, `poster` with another. */
  ...["sketch", "poster"].map((type) =>
    node({
      type,
      fields: [port("in", text, false), param("name", text, type)],
      params: { name: z.string().default(type) },
      output: text,
      work: { kind: "op", op: "draw", model: testModel(type) },
    }),
  ),
  /** Asks a person. */
  node({
    type: "approve",
    fields: [port("out", text)],
    output: text,
    work: { kind: "approve" },
  }),
  node({
    type: "output",
    role: "output",
    fields: [port("value", text), param("name", text, "result")],
    params: { name: z.string().default("result") },
    output: text,
    outputName: "value",
    work: {
      kind: "evaluate",
      evaluate: (_, inputs) => {
        const value = inputs["value"];
        return value === undefined
          ? { ok: false, error: { portId: "value", message: "nothing is wired in" } }
          : { ok: true, outputs: { value } };
      },
    },
  }),
];

/** An output node for pictures. */
const show = node({
  type: "show",
  role: "output",
  fields: [port("value", image), param("name", text, "picture")],
  params: { name: z.string().default("picture") },
  output: image,
  outputName: "value",
  work: {
    kind: "evaluate",
    evaluate: (_, { value }) =>
      value === undefined
        ? { ok: false, error: { portId: "value", message: "nothing is wired in" } }
        : { ok: true, outputs: { value } },
  },
});

export const testCatalog: Catalog = new Map(
  [...nodeTypes, show].map((nodeType) => [nodeType.type, nodeType]),
);

/** Nodes as `{ id: [type, params?] }`, wires as `"a > b.in"`; an output node's port is `value`. */
export function testDocument(
  nodes: Readonly<Record<string, readonly [string, DocumentNode["params"]?]>>,
  wires: readonly string[] = [],
): Document {
  const entries = Object.entries(nodes).map(
    ([id, [type, params = {}]], index): [string, DocumentNode] => [
      id,
      { type, position: { x: (index % 1_000) * 240, y: 0 }, params, mode: "active", ports: [] },
    ],
  );
  return {
    heddle: 1,
    name: "test",
    description: "",
    nodes: Object.fromEntries(entries),
    edges: wires.map((wire, index) => {
      const [from = "", to = ""] = wire.split(" > ");
      const [toNode = "", toPort = "in"] = to.split(".");
      return {
        id: `e${index}`,
        from: { node: from, port: "out" },
        to: { node: toNode, port: toPort },
      };
    }),
    notes: [],
  };
}

export function testPlan(document: Document): Plan {
  const compiled = compile(document, testCatalog, { requireInputs: true, randomSeed: () => 1 });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}
