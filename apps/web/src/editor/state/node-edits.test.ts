import { catalog } from "@heddle/catalog";
import { applyEdit, type Document } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { copyText, newNode, pasteText } from "./node-edits.ts";

const empty: Document = {
  heddle: 1,
  name: "Test",
  description: "",
  nodes: {},
  edges: [],
  notes: [],
};

function withNode(document: Document, type: string): { document: Document; id: string } {
  const { id, node } = newNode(document, type, { x: 13, y: 5 });
  return {
    id,
    document: applyEdit(document, { type: "addNodes", nodes: { [id]: node } }, catalog).document,
  };
}

describe("adding nodes", () => {
  it("puts them on the 8-px grid", () => {
    expect(newNode(empty, "resize", { x: 13, y: 5 }).node.position).toEqual({ x: 16, y: 8 });
  });

  it("gives every input its own name", () => {
    const first = withNode(empty, "input-image");
    const second = withNode(first.document, "input-image");
    const third = withNode(second.document, "input-image");
    const names = Object.values(third.document.nodes).map(
      ({ params }) => params["name"] ?? "image",
    );
    expect(names).toEqual(["image", "image_2", "image_3"]);
  });
});

describe("the clipboard", () => {
  it("carries nodes with the wires between them into another workflow", () => {
    const source = withNode(empty, "input-image");
    const both = withNode(source.document, "resize");
    const wire = {
      id: "w",
      from: { node: source.id, port: "image" },
      to: { node: both.id, port: "image" },
    };
    const { document } = applyEdit(both.document, { type: "addEdges", edges: [wire] }, catalog);
    const pasted = pasteText(empty, copyText(document, [source.id, both.id]), { x: 80, y: 80 });
    if (pasted === null) throw new Error("Nothing was pasted");
    const after = applyEdit(empty, pasted.edit, catalog).document;
    expect(pasted.nodeIds).toHaveLength(2);
    expect(after.edges).toHaveLength(1);
    expect(Object.keys(after.nodes)).not.toContain(source.id);
    expect(Object.values(after.nodes)[0]?.position).toEqual({ x: 80, y: 80 });
  });

  it("gives a pasted input a name of its own", () => {
    const source = withNode(empty, "input-image");
    const pasted = pasteText(source.document, copyText(source.document, [source.id]), {
      x: 0,
      y: 0,
    });
    if (pasted === null) throw new Error("Nothing was pasted");
    const after = applyEdit(source.document, pasted.edit, catalog).document;
    expect(Object.values(after.nodes).map(({ params }) => params["name"] ?? "image")).toEqual([
      "image",
      "image_2",
    ]);
  });

  it("takes no text that is not ours", () => {
    expect(pasteText(empty, "hello", { x: 0, y: 0 })).toBeNull();
    expect(pasteText(empty, '{"nodes":{}}', { x: 0, y: 0 })).toBeNull();
  });
});
