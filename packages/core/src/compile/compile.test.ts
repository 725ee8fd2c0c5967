import { describe, expect, it } from "vitest";
import type { Document } from "../document.ts";
import { buildDocument, changeNode, testImage } from "../testing/build-document.ts";
import { codesOf, planOf, problemsOf, stepIds, stepOf } from "../testing/compile-with.ts";

const image = { value: testImage() };

/** in → adjust → out, and a branch that nothing needs. */
const simple = buildDocument(
  {
    in: ["input-image", image],
    adj: ["adjust", { brightness: 2 }],
    out: ["output-image"],
    dead: ["resize"],
  },
  ["in.value > adj.image", "adj.image > out.value", "in.value > dead.image"],
);

describe("compile: what a plan holds", () => {
  it("C2: is what the outputs need, each step after what it needs; a branch that no output needs never runs", () => {
    const plan = planOf(simple);
    expect(stepIds(plan)).toEqual(["in", "adj", "out"]);
    expect(stepOf(plan, "adj")).toEqual({
      id: "adj",
      nodeIds: ["adj"],
      type: "adjust",
      version: 1,
      kind: "op",
      op: "adjust",
      params: { brightness: 2, contrast: 1 },
      inputs: { image: { kind: "step", step: "in", port: "value" } },
      mapped: [],
      outputs: { image: { media: "image", list: false } },
      estimate: { deviceMs: 100, costUsd: 0.00002 },
    });
    expect(plan.outputs).toEqual([
      {
        name: "image",
        nodeId: "out",
        type: { media: "image", list: false },
        step: "out",
        port: "value",
      },
    ]);
    expect(plan.nodeSteps).toEqual({ in: "in", adj: "adj", out: "out" });
  });

  it("C3: runs the targets asked for, by node or output name, with their dependencies and nothing else", () => {
    expect(stepIds(planOf(simple, { targets: ["dead"] }))).toEqual(["in", "dead"]);
    expect(stepIds(planOf(simple, { targets: ["image"] }))).toEqual(["in", "adj", "out"]);
    expect(stepIds(planOf(simple, { targets: ["adj", "dead"] }))).toEqual(["in", "adj", "dead"]);
    expect(problemsOf(simple, { targets: ["nope"] })).toEqual([
      {
        code: "target_unknown",
        message: 'The workflow has no node or output "nope"; its outputs are image',
        path: "targets",
      },
    ]);
  });

  it("C3: without output nodes the leaves are the targets; without nodes there is nothing to run", () => {
    const { out: _out, ...nodes } = simple.nodes;
    const edges = simple.edges.filter(({ to }) => to.node !== "out");
    expect(stepIds(planOf({ ...simple, nodes, edges }))).toEqual(["in", "adj", "dead"]);
    expect(codesOf(problemsOf(buildDocument({})))).toEqual(["no_output"]);
  });

  it("C11: merges equal nodes, chains of them too, and keeps apart what differs", () => {
    const twins = buildDocument(
      {
        in: ["input-image", image],
        a1: ["adjust", { brightness: 2 }],
        a2: [
          "adjust",
          { contrast: 1, brightness: 2 },
          { title: "Other", position: { x: 9, y: 9 } },
        ],
        a3: ["adjust", { brightness: 2.5 }],
        r1: ["resize"],
        r2: ["resize", { width: 512 }],
        grid: ["grid"],
        out: ["output-image"],
      },
      [
        "in.value > a1.image",
        "in.value > a2.image",
        "in.value > a3.image",
        "a1.image > r1.image",
        "a2.image > r2.image",
        "r1.image > grid.images",
        "r2.image > grid.images",
        "a3.image > grid.images",
        "grid.image > out.value",
      ],
    );
    const plan = planOf(twins);
    expect(plan.steps.map(({ nodeIds }) => nodeIds)).toEqual([
      ["in"],
      ["a1", "a2"],
      ["r1", "r2"],
      ["a3"],
      ["grid"],
      ["out"],
    ]);
    expect(plan.nodeSteps["r2"]).toBe("r1");
    expect(stepOf(plan, "grid")?.inputs["images"]).toEqual({
      kind: "list",
      of: "image",
      items: ["r1", "r1", "a3"].map((step) => ({ kind: "step", step, port: "image" })),
    });
  });

  it("C11: inputs merge when their values are equal; outputs and inputs without a value never", () => {
    const document = buildDocument(
      {
        a: ["input-image", { value: testImage(), name: "a" }],
        b: ["input-image", { value: testImage(), name: "b" }],
        blend: ["blend"],
        o1: ["output-image", { name: "one" }],
        o2: ["output-image", { name: "two" }],
      },
      [
        "a.value > blend.base",
        "b.value > blend.top",
        "blend.image > o1.value",
        "blend.image > o2.value",
      ],
    );
    const values = (hash: string) => ({
      b: { media: "image" as const, artifact: testImage(hash) },
    });
    expect(stepIds(planOf(document))).toEqual(["a", "blend", "o1", "o2"]);
    expect(stepIds(planOf(document, { inputs: values("1") }))).toEqual(["a", "blend", "o1", "o2"]);
    expect(stepIds(planOf(document, { inputs: values("2") }))).toEqual([
      "a",
      "b",
      "blend",
      "o1",
      "o2",
    ]);
    const emptied = ["a", "b"].reduce(
      (changed, id) => changeNode(changed, id, { params: { name: id } }),
      document,
    );
    const empty = planOf(emptied, { requireInputs: false });
    expect(stepIds(empty)).toEqual(["a", "b", "blend", "o1", "o2"]);
  });

  it("one node may feed another twice, and many", () => {
    const document = buildDocument(
      { in: ["input-image", image], b: ["blend"], o: ["output-image"] },
      ["in.value > b.base", "in.value > b.top", "b.image > o.value"],
    );
    expect(stepIds(planOf(document))).toEqual(["in", "b", "o"]);
  });

  it("C4: does not depend on key order, positions or titles", () => {
    const reversed: Document = {
      ...simple,
      nodes: Object.fromEntries(
        Object.entries(simple.nodes)
          .reverse()
          .map(([id, node], index) => [
            id,
            { ...node, title: `T${index}`, position: { x: -index, y: 5 } },
          ]),
      ),
    };
    expect(JSON.stringify(planOf(reversed))).toBe(JSON.stringify(planOf(simple)));
  });
});
