import { describe, expect, it } from "vitest";
import type { Document } from "../document.ts";
import { buildDocument, changeNode, testImage } from "../testing/build-document.ts";
import {
  codesOf,
  noticesOf,
  planOf,
  problemsOf,
  stepIds,
  stepOf,
} from "../testing/compile-with.ts";

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

describe("compile: bypassed and muted nodes", () => {
  const chain = (mode: "bypassed" | "muted", id = "adj"): Document => {
    return changeNode(simple, id, { mode });
  };

  it("C9: a bypassed node hands its input on and is not in the plan", () => {
    const plan = planOf(chain("bypassed"));
    expect(stepIds(plan)).toEqual(["in", "out"]);
    expect(stepOf(plan, "out")?.inputs["value"]).toEqual({
      kind: "step",
      step: "in",
      port: "value",
    });
    expect(stepIds(planOf(chain("bypassed"), { targets: ["adj"] }))).toEqual(["in"]);
  });

  it("C9: hands on the input that its type names, through several nodes, lists too", () => {
    const document = buildDocument(
      {
        a: ["input-image", { ...image, name: "a" }],
        b: ["input-image", { value: testImage("2"), name: "b" }],
        blend: ["blend", {}, { mode: "bypassed" }],
        list: ["list", {}, { mode: "bypassed" }],
        adj: ["adjust"],
        grid: ["grid"],
        out: ["output-image"],
      },
      [
        "a.value > blend.base",
        "b.value > blend.top",
        "blend.image > list.items",
        "a.value > list.items",
        "list.items > adj.image",
        "adj.image > grid.images",
        "grid.image > out.value",
      ],
    );
    const plan = planOf(document);
    expect(stepIds(plan).toSorted()).toEqual(["a", "adj", "b", "grid", "out"]);
    expect(stepOf(plan, "adj")).toMatchObject({
      mapped: ["image"],
      inputs: { image: { kind: "list", of: "image", items: [{ step: "b" }, { step: "a" }] } },
    });
    expect(stepOf(plan, "grid")?.inputs["images"]).toMatchObject({ kind: "step", step: "adj" });
  });

  it("C9: an input that is handed nothing is missing; a parameter falls back to its own value", () => {
    expect(problemsOf(chain("bypassed", "in"))).toMatchObject([
      {
        code: "input_missing",
        nodeId: "adj",
        message: expect.stringContaining("nothing to hand on"),
      },
    ]);
    const document = buildDocument(
      {
        t: ["input-text", { value: "wired" }, { mode: "bypassed" }],
        g: ["generate", { prompt: "own" }],
        o: ["output-image"],
      },
      ["t.value > g.prompt", "g.image > o.value"],
    );
    expect(stepOf(planOf(document), "g")?.params["prompt"]).toBe("own");
  });

  it("C9: does not blow up when bypassed lists double themselves", () => {
    const ends = Array.from({ length: 60 }, (_, index) => `l${index}`);
    const nodes = Object.fromEntries(
      ends.map((id) => [id, ["list", {}, { mode: "bypassed" as const }] as const]),
    );
    const wires = ends.slice(1).flatMap((id, index) => {
      const wire = `l${index}.items > ${id}.items`;
      return [wire, wire];
    });
    const document = buildDocument(
      { in: ["input-image", image], ...nodes, grid: ["grid"], out: ["output-image"] },
      ["in.value > l0.items", ...wires, "l59.items > grid.images", "grid.image > out.value"],
    );
    expect(codesOf(problemsOf(document))).toContain("limit");
  });

  it("C10: a muted node takes what needs it along; a lost output is a notice while others remain", () => {
    const document = buildDocument(
      {
        in: ["input-image", image],
        adj: ["adjust", {}, { mode: "muted", title: "Glow" }],
        o1: ["output-image", { name: "one" }],
        o2: ["output-image", { name: "two" }],
      },
      ["in.value > adj.image", "adj.image > o1.value", "in.value > o2.value"],
    );
    expect(stepIds(planOf(document))).toEqual(["in", "o2"]);
    expect(noticesOf(document)).toEqual([
      {
        code: "no_output",
        message:
          'Output Image (o1): output "one" is left out: Glow (adj) is muted; make it active again',
        nodeId: "o1",
      },
    ]);
    expect(codesOf(problemsOf(document, { targets: ["one"] }))).toEqual(["no_output"]);
    expect(codesOf(problemsOf(chain("muted")))).toEqual(["no_output"]);
    expect(codesOf(problemsOf(chain("muted", "in")))).toEqual(["no_output"]);
  });
});
