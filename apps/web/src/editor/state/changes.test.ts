import type { Document, DocumentNode, Json } from "@heddle/core";
import { describe, expect, it } from "vitest";
import { changesSince } from "./changes.ts";

const node = (
  params: Record<string, Json> = {},
  more: Partial<DocumentNode> = {},
): DocumentNode => ({
  type: "adjust",
  position: { x: 0, y: 0 },
  params,
  mode: "active",
  ports: [],
  ...more,
});
const wire = (from: string, to: string) => ({
  id: `${from}-${to}`,
  from: { node: from, port: "image" },
  to: { node: to, port: "image" },
});
const chain: Document = {
  heddle: 1,
  name: "Chain",
  description: "",
  nodes: { a: node({ x: 1 }), b: node(), c: node(), apart: node() },
  edges: [wire("a", "b"), wire("b", "c")],
  notes: [],
};

describe("what changed since a run", () => {
  it("names the node that was changed and what follows it, and nothing else", () => {
    const now = { ...chain, nodes: { ...chain.nodes, b: node({ x: 2 }) } };
    expect([...changesSince(chain, now)]).toEqual([
      ["b", "own"],
      ["c", "input"],
    ]);
  });

  it("does not mind where nodes lie, what they are called, or the order of keys", () => {
    const a = node({ y: 1, x: 2 });
    const before = { ...chain, nodes: { a } };
    const now = {
      ...chain,
      nodes: { a: node({ x: 2, y: 1 }, { position: { x: 9, y: 9 }, title: "New" }) },
    };
    expect(changesSince({ ...before, edges: [] }, { ...now, edges: [] }).size).toBe(0);
  });

  it("counts a wire that was pulled as a change of the node that it went into", () => {
    const now = { ...chain, edges: [wire("a", "b")] };
    expect([...changesSince(chain, now)]).toEqual([["c", "own"]]);
  });

  it("survives a cycle", () => {
    const now = { ...chain, edges: [...chain.edges, wire("c", "a")] };
    expect(changesSince(chain, now).size).toBe(3);
  });
});
