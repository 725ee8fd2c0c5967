import type { Document, DocumentNode } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { freePlace } from "./free-place.ts";

const at = (x: number, y: number): DocumentNode => ({
  type: "adjust",
  position: { x, y },
  params: {},
  mode: "active",
  ports: [],
});
const document: Document = {
  heddle: 1,
  name: "Test",
  description: "",
  nodes: { a: at(0, 0), b: at(264, 0), c: at(0, 600) },
  edges: [],
  notes: [],
};

describe("the place of a new node", () => {
  it("is where it was wanted, when that is free", () => {
    expect(freePlace(document, new Set(), { x: 900, y: 900 })).toEqual({ x: 900, y: 900 });
  });
  it("is right of what is selected", () => {
    expect(freePlace(document, new Set(["c"]), { x: 0, y: 0 })).toEqual({ x: 264, y: 600 });
  });
  it("is never on top of another node", () => {
    expect(freePlace(document, new Set(["a"]), { x: 0, y: 0 })).toEqual({ x: 528, y: 0 });
  });
});
