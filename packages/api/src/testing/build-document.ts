import type { ArtifactRef, Document, Json } from "@heddle/core";

interface NodeSketch {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A document of a few nodes and wires; wires are `from.port -> to.port`. */
export function buildDocument(
  nodes: Readonly<Record<string, NodeSketch>>,
  wires: readonly string[] = [],
  name = "Test workflow",
): Document {
  return {
    heddle: 1,
    name,
    description: "",
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, { type, params = {} }], index) => [
        id,
        {
          type,
          params: toJson(params),
          position: { x: index * 300, y: 0 },
          mode: "active",
          ports: [],
        },
      ]),
    ),
    edges: wires.map((wire, index) => {
      const [from = "", to = ""] = wire.split(" -> ");
      return { id: `e${index}`, from: toEnd(from), to: toEnd(to) };
    }),
    notes: [],
  };
}

/** Text in, text out. */
export function textDocument(name?: string): Document {
  return buildDocument(
    {
      greeting: { type: "input-text", params: { name: "greeting", value: "Hello" } },
      result: { type: "output-text", params: { name: "result" } },
    },
    ["greeting.text -> result.value"],
    name,
  );
}

/** Text in, and out once a person has approved it. */
export function approvalDocument(): Document {
  return buildDocument(
    {
      greeting: { type: "input-text", params: { name: "greeting", value: "Hello" } },
      ask: { type: "approve" },
      result: { type: "output-text", params: { name: "result" } },
    },
    ["greeting.text -> ask.value", "ask.value -> result.value"],
  );
}

/** A picture in, the same picture out. */
export function pictureDocument(value: ArtifactRef | null = null, name?: string): Document {
  return buildDocument(
    {
      photo: { type: "input-image", params: { name: "photo", value } },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["photo.image -> result.value"],
    name,
  );
}

function toEnd(text: string): { node: string; port: string } {
  const [node = "", port = ""] = text.split(".");
  return { node, port };
}

function toJson(params: Readonly<Record<string, unknown>>): Record<string, Json> {
  return JSON.parse(JSON.stringify(params));
}
