import type { Catalog, Document, DocumentNode, NodeType } from "@heddle/core";
import { z } from "zod";

const text = { media: "text", list: false } as const;

/** Does nothing, on a runner, for `ms` milliseconds: with 0, what it takes is the engine's own time. */
const noop: NodeType = {
  type: "noop",
  version: 1,
  title: "No-op",
  group: "flow",
  help: "",
  example: "",
  keywords: [],
  fields: [
    {
      name: "in",
      kind: "port",
      type: text,
      required: false,
      label: "In",
      widget: "port",
      wirable: true,
    },
    {
      name: "name",
      kind: "param",
      type: text,
      required: false,
      label: "Name",
      widget: "text",
      default: "",
      wirable: true,
    },
    {
      name: "ms",
      kind: "param",
      type: { media: "number", list: false },
      required: false,
      label: "Time",
      widget: "number",
      default: 0,
      wirable: true,
    },
  ],
  outputs: [{ name: "out", label: "Out", type: text }],
  params: z.strictObject({ name: z.string().default(""), ms: z.number().default(0) }),
  work: { kind: "op", op: "noop" },
  price: { unit: "second", usd: 0.0002 },
  estimateMs: () => 0,
};

/** Stores its name as a file. */
const store: NodeType = {
  ...noop,
  type: "store",
  title: "Store",
  fields: noop.fields.filter(({ name }) => name === "name"),
  outputs: [{ name: "out", label: "Out", type: { media: "lora", list: false } }],
  params: z.strictObject({ name: z.string().default("") }),
  work: { kind: "op", op: "store" },
};

export const benchCatalog: Catalog = new Map([noop, store].map((type) => [type.type, type]));

/** `length` no-ops of `ms` milliseconds in a row. `name` makes them different from those of any other run, so that nothing is reused. */
export function chainDocument(name: string, length: number, ms = 0): Document {
  const wires = Array.from({ length: length - 1 }, (_, index) => [index, index + 1] as const);
  return documentOf(name, wires, { nodes: length, ms });
}

/** `width` no-ops side by side. */
export function wideDocument(name: string, width: number): Document {
  return documentOf(name, [], { nodes: width, ms: 0 });
}

function documentOf(
  name: string,
  wires: readonly (readonly [number, number])[],
  { nodes, ms }: { readonly nodes: number; readonly ms: number },
): Document {
  const entries = Array.from({ length: nodes }, (_, index): [string, DocumentNode] => [
    `n${index}`,
    {
      type: "noop",
      position: { x: 0, y: 0 },
      params: { name: `${name}-${index}`, ms },
      mode: "active",
      ports: [],
    },
  ]);
  return {
    heddle: 1,
    name,
    description: "",
    nodes: Object.fromEntries(entries),
    edges: wires.map(([from, to]) => ({
      id: `e${from}`,
      from: { node: `n${from}`, port: "out" },
      to: { node: `n${to}`, port: "in" },
    })),
    notes: [],
  };
}
