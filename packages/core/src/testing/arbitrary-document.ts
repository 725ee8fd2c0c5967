import fc from "fast-check";
import type { Document, DocumentEdge, DocumentNode } from "../document.ts";
import { jsonSchema, type Json } from "../json.ts";
import { testImage } from "./build-document.ts";
import { testCatalog } from "./test-catalog.ts";

const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "constructor"] as const;
const types = [...testCatalog.values()];

const anyJson: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  // Now and then it makes a key `__proto__`, which the schema refuses.
  .filter((json) => jsonSchema.safeParse(json).success)
  .map((json) => jsonSchema.parse(json));
const exotic = fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -0, 2 ** 53, -1, 0.5);

/** Mostly right, now and then anything. */
const param: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<Json>(1, 2, "ink", "x", "a,b", null, { ...testImage() }, ["p", "q"]),
  },
  { weight: 1, arbitrary: anyJson },
  { weight: 1, arbitrary: exotic },
);

const paramNames = [
  "value",
  "name",
  "brightness",
  "width",
  "prompt",
  "seed",
  "mode",
  "text",
  "position",
  "min",
  "ghost",
];

/** A node of any type, its parameters mostly its own. */
const node: fc.Arbitrary<DocumentNode> = fc.record(
  {
    type: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...types.map(({ type }) => type)) },
      { weight: 1, arbitrary: fc.constantFrom("nope", "constructor") },
    ),
    position: fc.record({
      x: fc.integer({ min: -50, max: 50 }),
      y: fc.integer({ min: -50, max: 50 }),
    }),
    params: fc.dictionary(fc.constantFrom(...paramNames), param, { maxKeys: 2 }),
    mode: fc.constantFrom("active", "active", "active", "active", "bypassed", "muted"),
    ports: fc.subarray(["brightness", "width", "ghost"], { maxLength: 1 }),
    title: fc.constantFrom("", "Title"),
  },
  { requiredKeys: ["type", "position", "params", "mode", "ports"] },
);

const ports = [
  ...new Set(
    types.flatMap(({ fields, outputs }) => [...fields, ...outputs].map(({ name }) => name)),
  ),
];

function edges(nodeIds: readonly string[]): fc.Arbitrary<DocumentEdge[]> {
  const end = fc.record({
    node: fc.constantFrom(...nodeIds, "ghost"),
    port: fc.constantFrom(...ports, "image", "value", "items"),
  });
  const edge = fc.record({ from: end, to: end });
  return fc
    .array(edge, { maxLength: 12 })
    .map((all) => all.map((ends, index) => ({ id: `e${index}`, ...ends })));
}

/** Any document that `parseDocument` could let through: half of it nonsense. */
export const wildDocument: fc.Arbitrary<Document> = fc
  .uniqueArray(fc.constantFrom(...ids), { minLength: 1 })
  .chain((nodeIds) =>
    fc.record({
      heddle: fc.constant(1 as const),
      name: fc.constant("x"),
      description: fc.constant(""),
      nodes: fc
        .tuple(...nodeIds.map(() => node))
        .map((nodes) =>
          Object.fromEntries(nodes.map((one, index) => [nodeIds[index] ?? "a", one])),
        ),
      edges: edges(nodeIds),
      notes: fc.constant([]),
    }),
  );

interface Place {
  readonly type: string;
  /** Which earlier nodes feed it. */
  readonly picks: readonly number[];
  readonly mode: DocumentNode["mode"];
  readonly value: number;
}

const place: fc.Arbitrary<Place> = fc.record({
  type: fc.constantFrom(
    "input-image",
    "adjust",
    "resize",
    "blend",
    "grid",
    "list",
    "pick",
    "switch",
    "generate",
  ),
  picks: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
  mode: fc.constantFrom("active", "active", "active", "active", "active", "bypassed", "muted"),
  value: fc.integer({ min: 1, max: 3 }),
});

/** A sound document, acyclic by construction: every input that must be wired is, to an earlier node of a fitting type. */
export const soundDocument: fc.Arbitrary<Document> = fc
  .tuple(fc.array(place, { minLength: 1, maxLength: 14 }), fc.array(fc.nat(), { maxLength: 3 }))
  .map(([places, outputs]) => {
    const nodes: Record<string, DocumentNode> = {};
    const wires: DocumentEdge[] = [];
    const wire = (from: string, to: string, port: string) =>
      wires.push({
        id: `e${wires.length}`,
        from: { node: from, port: outputOf(nodes, from) },
        to: { node: to, port },
      });
    places.forEach(({ type, picks, mode, value }, index) => {
      const earlier = Object.keys(nodes);
      const chosen = earlier.length === 0 ? "input-image" : type;
      const id = `n${index}`;
      const feeds = picks.map((pick) => earlier[pick % earlier.length] ?? "");
      nodes[id] = {
        type: chosen,
        position: { x: index, y: value },
        params: paramsFor(chosen, id, value),
        mode,
        ports: [],
      };
      for (const [order, port] of inputsOf(chosen).entries()) wire(feeds[order] ?? "", id, port);
    });
    const made = Object.keys(nodes);
    outputs.forEach((pick, index) => {
      const id = `out${index}`;
      const from = made[pick % made.length] ?? "";
      nodes[id] = {
        type: "output-any",
        position: { x: 99, y: index },
        params: { name: id },
        mode: "active",
        ports: [],
      };
      wire(from, id, "value");
    });
    return { heddle: 1, name: "x", description: "", nodes, edges: wires, notes: [] };
  });

function outputOf(nodes: Readonly<Record<string, DocumentNode>>, id: string): string {
  return testCatalog.get(nodes[id]?.type ?? "")?.outputs[0]?.name ?? "";
}

function inputsOf(type: string): readonly string[] {
  if (type === "grid") return ["images", "images", "images"];
  if (type === "list" || type === "pick") return ["items", "items"];
  if (type === "generate") return ["start"];
  const fields = testCatalog.get(type)?.fields ?? [];
  return fields.flatMap(({ kind, name }) => (kind === "port" ? name : []));
}

function paramsFor(type: string, id: string, value: number): DocumentNode["params"] {
  if (type === "input-image") return { name: id, value: { ...testImage(String(value)) } };
  if (type === "adjust") return { brightness: value };
  if (type === "generate") return { prompt: `p${value}` };
  return {};
}
