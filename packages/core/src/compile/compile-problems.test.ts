import { describe, expect, it } from "vitest";
import type { Document, DocumentNode } from "../document.ts";
import { documentSchema } from "../document.ts";
import { defaultLimits } from "../limits.ts";
import { buildDocument, testImage } from "../testing/build-document.ts";
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

describe("compile: what is wrong", () => {
  it("C5: reports everything at once, each with its place and what to do", () => {
    const document = buildDocument(
      {
        in: ["input-text", { value: "x", name: "Bad Name" }],
        n3: ["adjust", { brightness: 9, glow: 1 }],
        n4: ["resize", { width: 1.5 }],
        n5: ["teleport"],
        out: ["output-image"],
        out2: ["output-image"],
      },
      [
        "in.value > n4.image",
        "n3.glow > out.value",
        "ghost.image > n3.image",
        "n4.image > n4.width",
      ],
    );
    const problems = problemsOf(document);
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: "unknown_type", nodeId: "n5", path: "nodes.n5.type" }),
        expect.objectContaining({
          code: "name_invalid",
          nodeId: "in",
          path: "nodes.in.params.name",
        }),
        {
          code: "name_duplicate",
          message:
            'Output Image (out2): the output name "image" is taken by Output Image (out); choose another',
          nodeId: "out2",
          portId: "name",
          path: "nodes.out2.params.name",
        },
        {
          code: "unknown_port",
          message: 'Adjust (n3) has no output "glow"; it has image',
          nodeId: "n3",
          portId: "glow",
          path: "edges.1",
        },
        expect.objectContaining({ code: "unknown_node", nodeId: "ghost", path: "edges.2" }),
        expect.objectContaining({ code: "cycle", nodeId: "n4", path: "edges.3" }),
        {
          code: "wire_type",
          message:
            "Resize (n4): image takes image, but Input Text (in) gives text; wire something else in",
          nodeId: "n4",
          portId: "image",
          path: "edges.0",
        },
        {
          code: "param_invalid",
          message: "Adjust (n3): brightness must be between 0 and 3, got 9",
          nodeId: "n3",
          portId: "brightness",
          path: "nodes.n3.params.brightness",
        },
        {
          code: "param_invalid",
          message: "Adjust (n3): there is no parameter glow; it has brightness, contrast",
          nodeId: "n3",
          path: "nodes.n3.params.glow",
        },
        expect.objectContaining({ code: "input_missing", nodeId: "out2", portId: "value" }),
      ]),
    );
    // The width behind the self-loop is wired, so it is not checked.
    expect(problems.filter(({ nodeId, portId }) => nodeId === "n4" && portId === "width")).toEqual(
      [],
    );
  });

  it("C5: a missing input, a second wire into a single input, a parameter that cannot be wired", () => {
    const document = buildDocument(
      {
        in: ["input-image", image],
        in2: ["input-image", { ...image, name: "b" }],
        a: ["adjust"],
        o: ["output-image"],
        c: ["blend"],
      },
      ["in.value > a.image", "in2.value > a.image", "a.image > o.value", "a.image > in.value"],
    );
    expect(problemsOf(document)).toMatchObject([
      { code: "wire_duplicate", nodeId: "a", portId: "image", path: "edges.1" },
      {
        code: "unknown_port",
        message: "Input Image (in): value cannot be wired; wires may go into no input of it",
      },
      { code: "input_missing", message: "Blend (c): base is not connected; wire something in" },
    ]);
  });

  it("C6: refuses unknown types, bad wires and bad names where nothing needs them", () => {
    const stray = (type: string, params = {}): Document => {
      const node: DocumentNode = {
        type,
        position: { x: 0, y: 0 },
        params,
        mode: "active",
        ports: [],
      };
      return { ...simple, nodes: { ...simple.nodes, stray: node } };
    };
    expect(codesOf(problemsOf(stray("teleport")))).toEqual(["unknown_type"]);
    expect(codesOf(problemsOf(stray("input-text", { name: "Bad" })))).toEqual(["name_invalid"]);
    const wire = {
      id: "w",
      from: { node: "in", port: "nope" },
      to: { node: "dead", port: "width" },
    };
    const document = { ...simple, edges: [...simple.edges, wire] };
    expect(codesOf(problemsOf(document, { targets: ["image"] }))).toEqual(["unknown_port"]);
  });

  it("C7: what is wrong with a node that no target needs is a notice", () => {
    const stray: DocumentNode = {
      type: "adjust",
      position: { x: 0, y: 0 },
      params: { brightness: 9 },
      mode: "active",
      ports: [],
    };
    const document = { ...simple, nodes: { ...simple.nodes, stray } };
    expect(codesOf(noticesOf(document))).toEqual(["param_invalid", "input_missing"]);
    expect(codesOf(problemsOf(document, { targets: ["stray"] }))).toEqual([
      "param_invalid",
      "input_missing",
    ]);
  });

  it("C8: names the way round a cycle, one for each knot, whether it is needed or not", () => {
    const document = buildDocument(
      {
        a: ["resize"],
        b: ["adjust"],
        x: ["resize", {}, { title: "First" }],
        y: ["adjust", {}, { title: "Second" }],
        z: ["adjust", {}, { title: "Third" }],
        in: ["input-image", image],
        out: ["output-image"],
      },
      [
        "a.image > b.image",
        "b.image > a.image",
        "x.image > y.image",
        "y.image > z.image",
        "z.image > x.image",
        "in.value > out.value",
      ],
    );
    expect(problemsOf(document)).toEqual([
      {
        code: "cycle",
        message:
          "These nodes wait for each other: Resize → Adjust → Resize; remove one of the wires",
        nodeId: "a",
      },
      {
        code: "cycle",
        message:
          "These nodes wait for each other: First → Second → Third → First; remove one of the wires",
        nodeId: "x",
      },
    ]);
  });

  it("C14: refuses numbers without an exact form and takes −0 for 0", () => {
    const withWidth = (width: number) =>
      buildDocument({ in: ["input-image", image], r: ["resize", { width }], o: ["output-image"] }, [
        "in.value > r.image",
        "r.image > o.value",
      ]);
    const inputNumber = (value: number) =>
      buildDocument({ n: ["input-number", { value }], o: ["output-any"] }, ["n.value > o.value"]);
    for (const number of [NaN, Infinity, -Infinity, 1e308, -1e308, 2 ** 53, 2 ** 53 + 2, -5]) {
      expect(codesOf(problemsOf(withWidth(number)))).toContain("param_invalid");
      if (number !== -5)
        expect(codesOf(problemsOf(inputNumber(number)))).toContain("param_invalid");
    }
    const plan = planOf(inputNumber(-0));
    expect(Object.is(stepOf(plan, "n")?.params["value"], 0)).toBe(true);
  });

  it("D2: names the limit of nodes, wires and text", () => {
    const limits = { ...defaultLimits, nodes: 3, edges: 2, textLength: 3 };
    expect(problemsOf(simple, { limits })).toMatchObject([
      { code: "limit", message: "The workflow has 4 nodes; at most 3 are allowed (limit nodes)" },
      { code: "limit", message: "The workflow has 3 wires; at most 2 are allowed (limit edges)" },
    ]);
    const text = buildDocument({ t: ["input-text", { value: "abcd" }], o: ["output-text"] }, [
      "t.value > o.value",
    ]);
    expect(problemsOf(text, { limits })).toMatchObject([
      {
        code: "limit",
        message:
          "Input Text (t): value is 4 characters long; at most 3 are allowed (limit textLength)",
      },
    ]);
  });

  it("D5: node ids, ports and parameters may be called like members of Object", () => {
    const plain = buildDocument(
      { aaa: ["input-image", image], bbb: ["adjust"], ccc: ["output-image"] },
      ["aaa.value > bbb.image", "bbb.image > ccc.value"],
    );
    const text = JSON.stringify(plain)
      .replaceAll("aaa", "constructor")
      .replaceAll("bbb", "toString")
      .replaceAll("ccc", "valueOf");
    const document = documentSchema.parse(JSON.parse(text));
    expect(stepIds(planOf(document))).toEqual(["constructor", "toString", "valueOf"]);
    const ghost = buildDocument({ o: ["output-image"] }, ["hasOwnProperty.x > o.value"]);
    expect(codesOf(problemsOf(ghost))).toContain("unknown_node");
    const odd = buildDocument({ a: ["constructor"] });
    expect(codesOf(problemsOf(odd))).toEqual(["unknown_type"]);
  });
});
