import { catalog } from "@heddle/catalog";
import type { Document, Edit } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { createDocumentStore } from "./document-store.ts";

const empty: Document = {
  heddle: 1,
  name: "Test",
  description: "",
  nodes: {},
  edges: [],
  notes: [],
};

const addNode = (id: string, type = "adjust"): Edit => ({
  type: "addNodes",
  nodes: { [id]: { type, position: { x: 0, y: 0 }, params: {}, mode: "active", ports: [] } },
});
const setBrightness = (nodeId: string, value: number): Edit => ({
  type: "setParams",
  nodeId,
  params: { brightness: value },
});
const start = (document: Document = empty) => createDocumentStore(catalog, { document });

describe("the document store", () => {
  it("undoes and redoes every edit exactly", () => {
    const store = start();
    store.edit(addNode("a"));
    store.edit(setBrightness("a", 5));
    const after = store.getState().document;
    store.undo();
    store.undo();
    expect(store.getState().document).toEqual(empty);
    store.redo();
    store.redo();
    expect(store.getState().document).toEqual(after);
  });

  it("makes one step of undo from a slider that is dragged", () => {
    const store = start();
    store.edit(addNode("a"));
    for (const value of [1, 2, 3]) store.edit(setBrightness("a", value), { merge: "a" });
    expect(store.getState().past).toHaveLength(2);
    store.undo();
    expect(store.getState().document.nodes["a"]?.params).toEqual({});
    store.redo();
    expect(store.getState().document.nodes["a"]?.params).toEqual({ brightness: 3 });
  });

  it("keeps two drags of one slider apart", () => {
    const store = start();
    store.edit(addNode("a"));
    store.edit(setBrightness("a", 1), { merge: "a" });
    store.endMerge();
    store.edit(setBrightness("a", 2), { merge: "a" });
    store.undo();
    expect(store.getState().document.nodes["a"]?.params).toEqual({ brightness: 1 });
  });

  it("does not merge into what was undone", () => {
    const store = start();
    store.edit(addNode("a"));
    store.edit(setBrightness("a", 1), { merge: "a" });
    store.undo();
    store.edit(setBrightness("a", 2), { merge: "a" });
    store.undo();
    expect(store.getState().document.nodes["a"]?.params).toEqual({});
  });

  it("remembers nothing of an edit that changes nothing", () => {
    const store = start();
    store.edit({ type: "removeNodes", nodeIds: ["gone"] });
    expect(store.getState().past).toEqual([]);
    expect(store.getState().pending).toEqual([]);
  });

  it("drops from the selection what was removed", () => {
    const store = start();
    store.edit(addNode("a"));
    store.edit(addNode("b"));
    store.select(["a", "b"]);
    store.edit({ type: "removeNodes", nodeIds: ["a"] });
    expect([...store.getState().selection]).toEqual(["b"]);
  });

  it("does pending edits again on top of somebody else's document", () => {
    const store = start();
    store.edit(addNode("mine"));
    const theirs = { ...empty, name: "Theirs", nodes: { theirs: addNodeOf("theirs") } };
    store.rebase(theirs, "pending");
    const { document, pending } = store.getState();
    expect(document.name).toBe("Theirs");
    expect(Object.keys(document.nodes).sort()).toEqual(["mine", "theirs"]);
    expect(pending).toHaveLength(1);
  });

  it("keeps what came after the edits that the server has", () => {
    const store = start();
    store.edit(addNode("a"));
    store.edit(addNode("b"));
    store.acknowledge(1);
    expect(store.getState().pending).toEqual([addNode("b")]);
  });
});

function addNodeOf(id: string) {
  const edit = addNode(id);
  if (edit.type !== "addNodes") throw new Error("unreachable");
  const node = edit.nodes[id];
  if (node === undefined) throw new Error("unreachable");
  return node;
}
