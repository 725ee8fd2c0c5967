import { catalog } from "@heddle/catalog";
import type { Document, DocumentNode } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import { createDocumentStore } from "../state/document-store.ts";
import { emptyRuns, type RunsState } from "../state/run-state.ts";
import type { RunsStore } from "../state/runs-store.ts";
import { createFlowStore } from "./flow-store.ts";

const node = (type: string): DocumentNode => ({
  type,
  position: { x: 0, y: 0 },
  params: {},
  mode: "active",
  ports: [],
});
const document: Document = {
  heddle: 1,
  name: "Test",
  description: "",
  nodes: { photo: node("input-image"), small: node("resize"), other: node("adjust") },
  edges: [
    { id: "w", from: { node: "photo", port: "image" }, to: { node: "small", port: "image" } },
  ],
  notes: [],
};

function open() {
  const doc = createDocumentStore(catalog, { document });
  const runs: RunsStore = {
    ...createStore<RunsState>(() => emptyRuns),
    track: () => undefined,
    begin: () => undefined,
    stop: () => undefined,
  };
  const flow = createFlowStore({ doc, runs });
  flow.start();
  const byId = (id: string) => flow.getState().nodes.find((one) => one.id === id);
  return { doc, runs, flow, byId };
}

describe("the document as React Flow sees it", () => {
  it("tells sizes and ports beforehand, so that nothing is measured", () => {
    const small = open().byId("small");
    expect(small?.measured).toEqual({ width: small?.width, height: small?.height });
    expect(small?.handles?.map(({ id, type, x }) => ({ id, type, x }))).toEqual([
      { id: "image", type: "target", x: -12 },
      { id: "image", type: "source", x: 196 },
    ]);
  });

  it("renews only the node that an edit changes", () => {
    const { doc, byId } = open();
    const before = byId("other");
    doc.edit({ type: "setParams", nodeId: "small", params: { width: 64 } });
    expect(byId("other")).toBe(before);
  });

  it("renews only what is dragged, and changes no document until the end", () => {
    const { doc, flow, byId } = open();
    const other = byId("other");
    flow.drag(new Map([["small", { x: 40, y: 0 }]]));
    expect(byId("small")?.position).toEqual({ x: 40, y: 0 });
    expect(byId("other")).toBe(other);
    expect(doc.getState().document).toBe(document);
    flow.drag(null);
    expect(byId("small")?.position).toEqual({ x: 0, y: 0 });
  });

  it("grows a port for a parameter that is turned into one", () => {
    const { doc, byId } = open();
    doc.edit({ type: "setNode", nodeId: "small", settings: { ports: ["width"] } });
    expect(byId("small")?.handles?.map(({ id }) => id)).toEqual(["image", "width", "image"]);
  });

  it("does not touch nodes while runs only make progress", () => {
    const { runs, flow } = open();
    const before = flow.getState();
    const small = {
      runId: "run_1",
      activity: { kind: "running", done: 1, total: 2, leftMs: null },
      result: null,
    } as const;
    runs.setState({ nodes: { small } });
    expect(flow.getState()).toBe(before);
  });
});
