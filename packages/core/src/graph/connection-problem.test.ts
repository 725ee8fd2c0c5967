import { describe, expect, it } from "vitest";
import { buildDocument } from "../testing/build-document.ts";
import { testCatalog } from "../testing/test-catalog.ts";
import { connectionProblem } from "./connection-problem.ts";

const document = buildDocument(
  {
    img: ["input-image"],
    txt: ["input-text"],
    many: ["input-texts"],
    a: ["adjust", {}, { title: "First" }],
    b: ["resize"],
    c: ["adjust"],
    list: ["list"],
    odd: ["nope"],
  },
  ["img.value > a.image", "a.image > b.image", "b.image > c.image", "txt.value > list.items"],
);

function check(from: string, to: string) {
  const end = (text: string) => {
    const [node = "", port = ""] = text.split(".");
    return { node, port };
  };
  return connectionProblem(document, testCatalog, { from: end(from), to: end(to) });
}

describe("connectionProblem", () => {
  it("T6: lets through what fits, also into a single input that is taken, and a list into a single input", () => {
    expect(check("img.value", "c.image")).toBeNull();
    expect(check("many.value", "list.items")).toBeNull();
    expect(check("txt.value", "list.items")).toMatchObject({ code: "wire_duplicate" });
  });

  it("T6: names the way round the cycle that a wire would make", () => {
    expect(check("c.image", "a.image")).toEqual({
      code: "cycle",
      message: "This would make a cycle: First → Resize → Adjust → First",
      nodeId: "a",
      portId: "image",
    });
    expect(check("a.image", "a.image")).toMatchObject({ code: "cycle" });
  });

  it("T6: refuses types that differ, also those of other wires into a generic input", () => {
    expect(check("txt.value", "a.image")).toEqual({
      code: "wire_type",
      message: "image takes image; value gives text",
      nodeId: "a",
      portId: "image",
    });
    expect(check("img.value", "list.items")).toMatchObject({ code: "wire_type" });
  });

  it("refuses nodes, types and ports that are not there, and what cannot be wired", () => {
    expect(check("ghost.x", "a.image")).toMatchObject({ code: "unknown_node" });
    expect(check("odd.x", "a.image")).toMatchObject({ code: "unknown_port" });
    expect(check("img.nope", "a.image")).toMatchObject({ code: "unknown_port" });
    expect(check("img.value", "a.constructor")).toMatchObject({ code: "unknown_port" });
    expect(check("txt.value", "img.value")).toMatchObject({ code: "unknown_port" });
  });

  it("T1: a generic input that is replaced takes the type of the new wire", () => {
    const chosen = buildDocument({ t: ["input-text"], i: ["input-image"], s: ["switch"] }, [
      "t.value > s.a",
    ]);
    const ends = { from: { node: "i", port: "value" }, to: { node: "s", port: "a" } };
    expect(connectionProblem(chosen, testCatalog, ends)).toBeNull();
  });
});
