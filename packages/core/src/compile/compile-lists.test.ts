import { describe, expect, it } from "vitest";
import { defaultLimits } from "../limits.ts";
import { buildDocument, testImage } from "../testing/build-document.ts";
import { codesOf, planOf, problemsOf, stepOf } from "../testing/compile-with.ts";

const image = { value: testImage() };

describe("compile: lists", () => {
  const mappedDocument = (count: number, more: Parameters<typeof buildDocument>[0] = {}) =>
    buildDocument(
      {
        texts: ["input-texts", { value: Array.from({ length: count }, (_, index) => `t${index}`) }],
        gen: ["generate"],
        adj: ["adjust"],
        out: ["output-image"],
        ...more,
      },
      ["texts.value > gen.prompt", "gen.image > adj.image", "adj.image > out.value"],
    );

  it("T3, T4: a list into a single input maps the node, and what follows; an output hands the list on", () => {
    const plan = planOf(mappedDocument(3));
    const list = { media: "image", list: true };
    expect(stepOf(plan, "gen")).toMatchObject({ mapped: ["prompt"], outputs: { image: list } });
    expect(stepOf(plan, "adj")).toMatchObject({ mapped: ["image"], outputs: { image: list } });
    expect(stepOf(plan, "out")).toMatchObject({ mapped: [], outputs: { value: list } });
    expect(plan.outputs[0]?.type).toEqual(list);
  });

  it("C16: counts the items of a mapped step in its estimate, and the whole in the plan's", () => {
    const plan = planOf(mappedDocument(3));
    expect(stepOf(plan, "gen")?.estimate).toEqual({ deviceMs: 6000, costUsd: 0.0012 });
    expect(stepOf(plan, "adj")?.estimate).toEqual({ deviceMs: 300, costUsd: 0.00006 });
    expect(plan.estimate).toEqual({ deviceMs: 6300, costUsd: 0.00126 });
    const observed = planOf(mappedDocument(3), {
      observedMs: (type) => (type === "adjust" ? 10 : undefined),
    });
    expect(observed.estimate.deviceMs).toBe(6030);
    expect(planOf(mappedDocument(0)).estimate.deviceMs).toBe(0);
  });

  it("C16: evaluates what is constant to know how many items there will be", () => {
    const document = buildDocument(
      { s: ["split", { text: "a,b,c,d" }], u: ["upper"], g: ["generate"], o: ["output-any"] },
      ["s.texts > u.text", "u.text > g.prompt", "g.image > o.value"],
    );
    expect(stepOf(planOf(document), "g")?.estimate.deviceMs).toBe(8000);
  });

  it("C17: refuses a list that is known to be too long", () => {
    const limits = { ...defaultLimits, fanOut: 2 };
    expect(problemsOf(mappedDocument(3), { limits })).toMatchObject([
      {
        code: "limit",
        nodeId: "gen",
        portId: "prompt",
        message: expect.stringContaining("would run 3 times"),
      },
      { code: "limit", nodeId: "adj" },
    ]);
  });

  it("T3: a node that makes lists cannot be mapped", () => {
    const document = buildDocument(
      { t: ["input-texts", { value: ["a,b"] }], s: ["split"], o: ["output-any"] },
      ["t.value > s.text", "s.texts > o.value"],
    );
    expect(problemsOf(document)).toMatchObject([
      { code: "nested_list", nodeId: "s", portId: "text" },
    ]);
  });

  it("T5: a list input gathers its wires in order and takes a single list as it is", () => {
    const document = buildDocument(
      {
        a: ["input-texts", { name: "a" }],
        b: ["input-text", { name: "b" }],
        l1: ["list"],
        l2: ["list"],
        o1: ["output-any", { name: "one" }],
        o2: ["output-any", { name: "two" }],
      },
      [
        "b.value > l1.items",
        "a.value > l1.items",
        "a.value > l2.items",
        "l1.items > o1.value",
        "l2.items > o2.value",
      ],
    );
    const plan = planOf(document);
    expect(stepOf(plan, "l1")?.inputs["items"]).toMatchObject({
      kind: "list",
      of: "text",
      items: [{ step: "b" }, { step: "a" }],
    });
    expect(stepOf(plan, "l2")?.inputs["items"]).toEqual({ kind: "step", step: "a", port: "value" });
  });
});

describe("compile: generic nodes", () => {
  it("T1, T2: resolves the type through several nodes and refuses what does not fit", () => {
    const document = buildDocument(
      {
        t: ["input-text", { name: "t" }],
        l: ["list"],
        p: ["pick"],
        a: ["adjust"],
        o: ["output-image"],
      },
      ["t.value > l.items", "l.items > p.items", "p.item > a.image", "a.image > o.value"],
    );
    expect(problemsOf(document)).toMatchObject([
      {
        code: "wire_type",
        message: expect.stringContaining("image takes image, but Pick (p) gives text"),
      },
    ]);
  });

  it("T2: inputs that go together are of one type; others stand alone", () => {
    const sources: Parameters<typeof buildDocument>[0] = {
      t: ["input-text", { name: "t" }],
      i: ["input-image", { ...image, name: "i" }],
    };
    const both = buildDocument({ ...sources, s: ["switch"], o: ["output-any"] }, [
      "t.value > s.a",
      "i.value > s.b",
      "s.chosen > o.value",
    ]);
    expect(codesOf(problemsOf(both))).toEqual(["wire_type"]);
    const pairs = buildDocument({ ...sources, c: ["cross"], o: ["output-any"] }, [
      "t.value > c.a",
      "i.value > c.b",
      "c.bs > o.value",
    ]);
    expect(planOf(pairs).outputs[0]?.type).toEqual({ media: "image", list: true });
  });
});
