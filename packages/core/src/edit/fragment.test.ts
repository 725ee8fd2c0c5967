import { describe, expect, it } from "vitest";
import { buildDocument } from "../testing/build-document.ts";
import { testCatalog } from "../testing/test-catalog.ts";
import { applyEdit } from "./apply-edit.ts";
import { copyFragment, parseFragment, pasteFragment } from "./fragment.ts";

const document = {
  ...buildDocument({ i: ["input-image"], a: ["adjust", { brightness: 2 }], o: ["output-image"] }, [
    "i.value > a.image",
    "a.image > o.value",
  ]),
  notes: [{ id: "t", position: { x: 5, y: 5 }, width: 240, text: "hello" }],
};

let counter = 0;
const newId = (kind: string) => `${kind}-${(counter += 1)}`;

describe("fragments", () => {
  it("E6: hold the chosen nodes, the wires between them and the chosen notes", () => {
    const fragment = copyFragment(document, ["i", "a", "t", "ghost"]);
    expect(Object.keys(fragment.nodes)).toEqual(["i", "a"]);
    expect(fragment.edges.map(({ id }) => id)).toEqual(["e1"]);
    expect(fragment.notes).toEqual(document.notes);
    expect(parseFragment(JSON.parse(JSON.stringify(fragment)))).toEqual(fragment);
  });

  it("E6: paste under new ids, moved, wired among themselves, and undo as one", () => {
    const fragment = copyFragment(document, ["i", "a", "t"]);
    const edit = pasteFragment(fragment, { newId, offset: { x: 24, y: 24 } });
    const { document: after, inverse } = applyEdit(document, edit, testCatalog);
    expect(Object.keys(after.nodes)).toHaveLength(5);
    const added = after.edges.at(-1);
    expect(after.nodes[added?.from.node ?? ""]).toMatchObject({
      type: "input-image",
      position: { x: 24, y: 24 },
    });
    expect(after.nodes[added?.to.node ?? ""]).toMatchObject({
      type: "adjust",
      params: { brightness: 2 },
    });
    expect(after.notes).toHaveLength(2);
    expect(applyEdit(after, inverse, testCatalog).document).toEqual(document);
  });

  it("refuse what is no fragment, however deep", () => {
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    for (const json of [null, "text", {}, document, { heddleFragment: 1, nodes: deep }]) {
      expect(parseFragment(json)).toBeNull();
    }
  });
});
