import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Document, DocumentEdge } from "../document.ts";
import { wildDocument } from "../testing/arbitrary-document.ts";
import { buildDocument } from "../testing/build-document.ts";
import { testCatalog } from "../testing/test-catalog.ts";
import { applyEdit } from "./apply-edit.ts";
import { editSchema } from "./edit-schema.ts";
import type { Edit } from "./edit.ts";

const nodeId = fc.constantFrom("a", "b", "c", "d", "e", "new1", "new2", "ghost", "constructor");
const edgeId = fc.constantFrom("e0", "e1", "e2", "e3", "e4", "new1", "new2");
const noteId = fc.constantFrom("t1", "t2", "t3");
const position = fc.record({
  x: fc.integer({ min: -9, max: 9 }),
  y: fc.integer({ min: -9, max: 9 }),
});
const paramName = fc.constantFrom("brightness", "contrast", "width", "constructor");
const end = fc.record({ node: nodeId, port: fc.constantFrom("image", "items", "value") });
const edge: fc.Arbitrary<DocumentEdge> = fc.record({ id: edgeId, from: end, to: end });
const note = fc.record({
  id: noteId,
  position,
  width: fc.constant(240),
  text: fc.string({ maxLength: 3 }),
});
const node = fc.record({
  type: fc.constantFrom("adjust", "resize", "list"),
  position,
  params: fc.dictionary(paramName, fc.integer(), { maxKeys: 2 }),
  mode: fc.constantFrom("active" as const, "muted" as const),
  ports: fc.constant<string[]>([]),
});
const unique = <Item extends { id: string }>(items: fc.Arbitrary<Item>) =>
  fc.uniqueArray(items, { selector: ({ id }) => id, maxLength: 3 });

const simpleEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    type: fc.constant("addNodes" as const),
    nodes: fc.dictionary(nodeId, node, { maxKeys: 3 }),
  }),
  fc.record({
    type: fc.constant("removeNodes" as const),
    nodeIds: fc.array(nodeId, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("moveNodes" as const),
    positions: fc.dictionary(nodeId, position, { maxKeys: 3 }),
  }),
  fc.record(
    {
      type: fc.constant("setParams" as const),
      nodeId,
      params: fc.dictionary(paramName, fc.integer({ min: -1, max: 1 }), { maxKeys: 2 }),
      unset: fc.array(paramName, { maxLength: 2 }),
    },
    { requiredKeys: ["type", "nodeId", "params"] },
  ),
  fc.record(
    {
      type: fc.constant("setNode" as const),
      nodeId,
      settings: fc.record(
        {
          title: fc.constantFrom("A", "B"),
          width: fc.constantFrom(200, 300),
          mode: fc.constantFrom("active" as const, "bypassed" as const),
          ports: fc.constant<string[]>(["brightness"]),
          pinned: fc.constant<string[]>(["width"]),
        },
        { requiredKeys: [] },
      ),
      unset: fc.subarray(["title" as const, "width" as const, "pinned" as const]),
    },
    { requiredKeys: ["type", "nodeId", "settings"] },
  ),
  fc.record({ type: fc.constant("addEdges" as const), edges: unique(edge) }),
  fc.record({
    type: fc.constant("removeEdges" as const),
    edgeIds: fc.array(edgeId, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("setMeta" as const),
    meta: fc.record(
      { name: fc.constantFrom("x", "y"), description: fc.constantFrom("", "z") },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ type: fc.constant("addNotes" as const), notes: unique(note) }),
  fc.record({
    type: fc.constant("removeNotes" as const),
    noteIds: fc.array(noteId, { maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant("setNote" as const),
    noteId,
    note: fc.record({ text: fc.string({ maxLength: 3 }) }),
  }),
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: simpleEdit },
  {
    weight: 1,
    arbitrary: fc
      .array(simpleEdit, { maxLength: 5 })
      .map((edits): Edit => ({ type: "batch", edits })),
  },
);

const document: fc.Arbitrary<Document> = fc
  .tuple(wildDocument, unique(note))
  .map(([wild, notes]) => ({ ...wild, notes }));

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}

describe("applyEdit", () => {
  it("E1, E2, E5: any edit leaves the document alone, and its inverse takes the new one back exactly", () => {
    fc.assert(
      fc.property(document, edit, (before, change) => {
        freeze(before);
        const { document: after, inverse } = applyEdit(before, change, testCatalog);
        const back = applyEdit(after, inverse, testCatalog);
        expect(back.document).toEqual(before);
        // Redo, and undo once more.
        const again = applyEdit(back.document, back.inverse, testCatalog);
        expect(again.document).toEqual(after);
        expect(applyEdit(again.document, again.inverse, testCatalog).document).toEqual(before);
      }),
      { numRuns: 2000 },
    );
  });

  it("E2: a whole history undoes to where it began, and survives being stored as JSON", () => {
    fc.assert(
      fc.property(document, fc.array(edit, { maxLength: 12 }), (before, edits) => {
        const undo: string[] = [];
        let current = before;
        for (const one of edits) {
          const { document: next, inverse } = applyEdit(current, one, testCatalog);
          undo.push(JSON.stringify(inverse));
          current = next;
        }
        for (const text of undo.toReversed()) {
          const stored = editSchema.parse(JSON.parse(text));
          expect(JSON.parse(JSON.stringify(stored))).toEqual(JSON.parse(text));
          current = applyEdit(current, stored, testCatalog).document;
        }
        expect(JSON.parse(JSON.stringify(current))).toEqual(JSON.parse(JSON.stringify(before)));
      }),
      { numRuns: 500 },
    );
  });

  it("E1: what an edit does not touch keeps its identity, and an edit without effect changes nothing", () => {
    fc.assert(
      fc.property(document, edit, (before, change) => {
        const { document: after } = applyEdit(before, change, testCatalog);
        // A batch may take something away and bring another one of the same id.
        const text = change.type === "batch" ? JSON.stringify(change) : "";
        const replaced = (id: string) => text.includes(JSON.stringify(id));
        for (const [id, old] of Object.entries(before.nodes)) {
          const now = after.nodes[id];
          if (now === undefined || replaced(id)) continue;
          if (JSON.stringify(now) === JSON.stringify(old)) expect(now).toBe(old);
        }
        const edges = new Map(after.edges.map((one) => [one.id, one]));
        for (const old of before.edges) {
          if (!replaced(old.id)) expect(edges.get(old.id) ?? old).toBe(old);
        }
        const again = applyEdit(after, { type: "batch", edits: [] }, testCatalog);
        expect(again.document).toBe(after);
      }),
      { numRuns: 1000 },
    );
  });

  const small = buildDocument(
    { i: ["input-image"], j: ["input-image"], a: ["adjust"], l: ["grid"] },
    ["i.value > a.image", "a.image > l.images", "i.value > l.images"],
  );
  const wire = (id: string, from: string, to: string, port: string): DocumentEdge => ({
    id,
    from: { node: from, port: "value" },
    to: { node: to, port },
  });
  const ends = (one: Document) => one.edges.map(({ from, to }) => `${from.node}>${to.node}`);

  it("E3: removing a node removes its wires; undo brings them back where they were", () => {
    const { document: after, inverse } = applyEdit(
      small,
      { type: "removeNodes", nodeIds: ["a"] },
      testCatalog,
    );
    expect(ends(after)).toEqual(["i>l"]);
    expect(ends(applyEdit(after, inverse, testCatalog).document)).toEqual(["i>a", "a>l", "i>l"]);
  });

  it("E4: a new wire takes the place of the one in a single input, and joins those of a list input", () => {
    const edges = [wire("n1", "j", "a", "image"), wire("n2", "j", "l", "images")];
    const { document: after } = applyEdit(small, { type: "addEdges", edges }, testCatalog);
    expect(ends(after)).toEqual(["a>l", "i>l", "j>a", "j>l"]);
  });

  it("E5: passes over what is not there, and gives the same document back", () => {
    const edits: Edit[] = [
      { type: "removeNodes", nodeIds: ["ghost"] },
      { type: "moveNodes", positions: { ghost: { x: 1, y: 1 } } },
      { type: "setParams", nodeId: "constructor", params: { x: 1 } },
      { type: "setParams", nodeId: "a", params: {}, unset: ["brightness"] },
      { type: "setNode", nodeId: "ghost", settings: { title: "x" } },
      { type: "addNodes", nodes: { a: { ...small.nodes["i"], type: "adjust" } as never } },
      { type: "removeEdges", edgeIds: ["ghost"] },
      { type: "removeNotes", noteIds: ["ghost"] },
      { type: "setNote", noteId: "ghost", note: { text: "x" } },
      { type: "setMeta", meta: {} },
    ];
    for (const one of edits) expect(applyEdit(small, one, testCatalog).document).toBe(small);
  });

  it("sets and clears parameters, title, width, mode and pins", () => {
    const after = applyEdit(
      small,
      {
        type: "batch",
        edits: [
          { type: "setParams", nodeId: "a", params: { brightness: 2, contrast: 1 } },
          { type: "setParams", nodeId: "a", params: {}, unset: ["contrast"] },
          { type: "setNode", nodeId: "a", settings: { title: "T", width: 300, mode: "muted" } },
          { type: "setNode", nodeId: "a", settings: { pinned: ["brightness"] }, unset: ["title"] },
        ],
      },
      testCatalog,
    ).document.nodes["a"];
    expect(after).toEqual({
      ...small.nodes["a"],
      params: { brightness: 2 },
      width: 300,
      mode: "muted",
      pinned: ["brightness"],
    });
  });
});
