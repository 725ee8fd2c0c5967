import { describe, expect, it } from "vitest";
import type { Document } from "../document.ts";
import { buildDocument } from "../testing/build-document.ts";
import { testCatalog } from "../testing/test-catalog.ts";
import { portsOf, resolveTypes } from "./resolve-types.ts";

const outputOf = (document: Document, id: string, index = 0) =>
  portsOf(document, id, testCatalog)?.outputs[index]?.type;
const inputOf = (document: Document, id: string, name: string) =>
  portsOf(document, id, testCatalog)?.inputs.find(({ field }) => field.name === name);

describe("portsOf", () => {
  it("lists media ports, wired parameters and parameters turned into ports, in the order of the type", () => {
    const document = buildDocument(
      { n: ["input-number"], a: ["adjust", {}, { ports: ["contrast", "nope"] }], b: ["adjust"] },
      ["n.value > b.brightness"],
    );
    const names = (id: string) =>
      portsOf(document, id, testCatalog)?.inputs.map(({ field }) => field.name);
    expect(names("a")).toEqual(["image", "contrast"]);
    expect(names("b")).toEqual(["image", "brightness"]);
    expect(inputOf(document, "b", "brightness")).toMatchObject({ wired: true, mapped: false });
  });

  it("T2: a generic output is of the type that its input gets, through any number of nodes", () => {
    const document = buildDocument(
      { i: ["input-image"], l: ["list"], p: ["pick"], s: ["switch"], o: ["output-any"] },
      ["i.value > l.items", "l.items > p.items", "p.item > s.b", "s.chosen > o.value"],
    );
    expect(outputOf(document, "l")).toEqual({ media: "image", list: true });
    expect(outputOf(document, "p")).toEqual({ media: "image", list: false });
    expect(inputOf(document, "s", "a")?.type.media).toBe("image");
    expect(outputOf(document, "s")).toEqual({ media: "image", list: false });
    expect(outputOf(buildDocument({ l: ["list"] }), "l")).toEqual({ media: "any", list: true });
  });

  it("T3, T4: a list into a single input makes lists of the outputs; an output node keeps the list", () => {
    const document = buildDocument(
      { t: ["input-texts"], u: ["upper"], v: ["upper"], o: ["output-text"] },
      ["t.value > u.text", "u.text > v.text", "v.text > o.value"],
    );
    for (const id of ["u", "v"]) {
      expect(inputOf(document, id, "text")?.mapped).toBe(true);
      expect(outputOf(document, id)).toEqual({ media: "text", list: true });
    }
    expect(inputOf(document, "o", "value")).toMatchObject({
      mapped: false,
      type: { media: "text", list: true },
    });
  });

  it("C9: a bypassed node has the type of what it hands on", () => {
    const document = buildDocument(
      {
        t: ["input-texts"],
        u: ["upper", {}, { mode: "bypassed" }],
        p: ["pick", {}, { mode: "bypassed" }],
      },
      ["t.value > u.text", "u.text > p.items"],
    );
    expect(portsOf(document, "u", testCatalog)?.handsOn).toEqual(new Map([["text", "text"]]));
    expect(outputOf(document, "p")).toEqual({ media: "text", list: true });
  });

  it("knows nothing of unknown nodes and types, and does not hang on a cycle", () => {
    const document = buildDocument({ a: ["list"], b: ["list"], x: ["nope"] }, [
      "a.items > b.items",
      "b.items > a.items",
      "x.y > a.items",
      "ghost.y > a.items",
    ]);
    expect(portsOf(document, "x", testCatalog)).toBeUndefined();
    expect(portsOf(document, "ghost", testCatalog)).toBeUndefined();
    expect(outputOf(document, "a")).toEqual({ media: "any", list: true });
    expect([...resolveTypes(document, testCatalog).keys()].toSorted()).toEqual(["a", "b"]);
  });

  it("sees no cycle where a wire is missing its node", () => {
    const document = buildDocument({ t: ["input-texts"], u: ["upper"], v: ["upper"] }, [
      "ghost.y > t.value",
      "t.value > u.text",
      "u.text > v.text",
      "u.text > ghost.x",
    ]);
    for (const id of ["u", "v"]) expect(outputOf(document, id)?.list).toBe(true);
    // By any order of asking.
    expect(new Map(["v", "u", "t"].map((id) => [id, portsOf(document, id, testCatalog)]))).toEqual(
      new Map(resolveTypes(document, testCatalog)),
    );
  });
});
