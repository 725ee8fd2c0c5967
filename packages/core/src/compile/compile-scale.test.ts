import { describe, expect, it } from "vitest";
import type { Document } from "../document.ts";
import { defaultLimits } from "../limits.ts";
import { parseDocument } from "../parse-document.ts";
import { buildDocument, testImage } from "../testing/build-document.ts";
import { compileTest, planOf, problemsOf } from "../testing/compile-with.ts";

/** in → adjust × (count − 2) → out */
function chain(count: number, type = "adjust"): Document {
  const middle = Array.from({ length: count - 2 }, (_, index) => `n${index}`);
  const nodes = Object.fromEntries(middle.map((id) => [id, [type] as const]));
  const wires = middle.slice(1).map((id, index) => `${middle[index]}.image > ${id}.image`);
  return buildDocument(
    { in: ["input-image", { value: testImage() }], ...nodes, out: ["output-image"] },
    ["in.value > n0.image", ...wires, `n${count - 3}.image > out.value`],
  );
}

const wide = { ...defaultLimits, nodes: 50_000, edges: 50_000 };

describe("compile at scale", () => {
  it("C18: a chain of 5,000 nodes", () => {
    const document = chain(5_000);
    expect(planOf(document).steps).toHaveLength(5_000);
  });

  it("C18: reads such a chain", () => {
    const json: unknown = JSON.parse(JSON.stringify(chain(5_000)));
    expect(parseDocument(json).ok).toBe(true);
  });

  it("C18: 50,000 nodes deep without a stack overflow, bypassed ones too", () => {
    const document = chain(50_000);
    expect(planOf(document, { limits: wide }).steps).toHaveLength(50_000);
    const nodes = Object.entries(document.nodes).map(([id, node]) =>
      id.startsWith("n") ? [id, { ...node, mode: "bypassed" as const }] : [id, node],
    );
    const bypassed = { ...document, nodes: Object.fromEntries(nodes) };
    expect(planOf(bypassed, { limits: wide }).steps).toHaveLength(2);
  });

  it("C8: a cycle of 5,000 nodes is found in 200 ms", () => {
    const open = chain(5_000);
    const last = {
      id: "back",
      from: { node: "n4997", port: "image" },
      to: { node: "n0", port: "image" },
    };
    const edges = [...open.edges.filter(({ to }) => to.node !== "n0"), last];
    const document = { ...open, edges };
    expect(problemsOf(document).map(({ code }) => code)).toEqual(["cycle"]);
  });

  it("C18: generic nodes and wide fans stay linear", () => {
    const width = 4_990;
    const ids = Array.from({ length: width }, (_, index) => `a${index}`);
    const nodes = Object.fromEntries(ids.map((id) => [id, ["adjust"] as const]));
    const document = buildDocument(
      {
        in: ["input-image", { value: testImage() }],
        ...nodes,
        list: ["list"],
        grid: ["grid"],
        out: ["output-image"],
      },
      [
        ...ids.map((id) => `in.value > ${id}.image`),
        ...ids.map((id) => `${id}.image > list.items`),
        ...ids.map((id) => `${id}.image > grid.images`),
        "grid.image > out.value",
      ],
    );
    expect(compileTest(document).ok).toBe(true);
  });
});
