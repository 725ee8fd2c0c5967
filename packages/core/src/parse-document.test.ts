import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import { parseDocument } from "./parse-document.ts";
import { buildDocument } from "./testing/build-document.ts";

const empty = { heddle: 1, name: "x", nodes: {} };

function codesOf(json: unknown, limits = defaultLimits): string[] {
  const result = parseDocument(json, limits);
  return result.ok ? [] : result.problems.map(({ code }) => code);
}

function messageOf(json: unknown, limits = defaultLimits): string {
  const result = parseDocument(json, limits);
  return result.ok ? "" : result.problems.map(({ message }) => message).join("\n");
}

/** Nested by text, as an attacker would send it. */
function nested(depth: number): unknown {
  let json: unknown = 1;
  for (let level = 0; level < depth; level += 1) json = [json];
  return json;
}

describe("parseDocument", () => {
  it("fills in defaults", () => {
    const result = parseDocument({
      ...empty,
      nodes: { a: { type: "t", position: { x: 0, y: 0 } } },
    });
    expect(result).toEqual({
      ok: true,
      document: {
        heddle: 1,
        name: "x",
        description: "",
        nodes: {
          a: { type: "t", position: { x: 0, y: 0 }, params: {}, mode: "active", ports: [] },
        },
        edges: [],
        notes: [],
      },
    });
  });

  it("D1: refuses JSON nested 10,000 deep within milliseconds, wherever it is", () => {
    const deep = nested(10_000);
    expect(codesOf(deep)).toEqual(["document_invalid"]);
    expect(codesOf({ ...empty, nodes: { a: deep } })).toEqual(["limit"]);
    const inParams = { type: "t", position: { x: 0, y: 0 }, params: { p: deep } };
    const document = { ...empty, nodes: { a: inParams } };
    expect(messageOf(document)).toContain("limit jsonDepth");
  });

  it("D1: refuses a document of too many bytes, and an object that holds itself", () => {
    const limits = { ...defaultLimits, documentBytes: 100 };
    expect(messageOf({ ...empty, description: "é".repeat(60) }, limits)).toContain("documentBytes");
    const loop: Record<string, unknown> = { ...empty };
    loop["more"] = loop;
    expect(codesOf(loop)).toEqual(["limit"]);
  });

  it("D2: counts nodes and wires before it looks at them", () => {
    const limits = { ...defaultLimits, nodes: 2, edges: 1 };
    const json = { ...empty, nodes: { a: 1, b: 2, c: 3 }, edges: [0, 0] };
    const result = parseDocument(json, limits);
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { code: "limit", message: expect.stringContaining("3 nodes; at most 2") },
        { code: "limit", message: expect.stringContaining("2 wires; at most 1") },
      ],
    });
  });

  it("D2: refuses 6,000 nodes within 50 ms", () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 6_000 }, (_, index) => [
        `n${index}`,
        { type: "t", position: { x: 0, y: 0 } },
      ]),
    );
    expect(codesOf({ ...empty, nodes })).toEqual(["limit"]);
  });

  it("D3: refuses a newer version, and what is no document", () => {
    expect(codesOf({ ...empty, heddle: 2 })).toEqual(["document_newer"]);
    for (const json of [null, 1, "x", [], {}, { heddle: 0 }, { heddle: 1.5 }, { heddle: "1" }]) {
      expect(codesOf(json)).toEqual(["document_invalid"]);
    }
  });

  it("D4: reports every problem of shape with its path and node", () => {
    const result = parseDocument({
      ...empty,
      name: "",
      nodes: { a: { type: "", position: { x: 1e10, y: 0 } } },
    });
    expect(result).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([
        expect.objectContaining({ path: "name" }),
        expect.objectContaining({ path: "nodes.a.type", nodeId: "a" }),
        expect.objectContaining({ path: "nodes.a.position.x", nodeId: "a" }),
      ]),
    });
  });

  it("D5: refuses __proto__ as a name and treats constructor as a name like any other", () => {
    const evil: unknown = JSON.parse(`{"heddle":1,"name":"x","nodes":{"__proto__":{"type":"t"}}}`);
    expect(messageOf(evil)).toContain("__proto__");
    const inParams: unknown = JSON.parse(
      `{"heddle":1,"name":"x","nodes":{"constructor":{"type":"t","position":{"x":0,"y":0},"params":{"toString":1}}}}`,
    );
    const result = parseDocument(inParams);
    expect(result.ok && Object.keys(result.document.nodes)).toEqual(["constructor"]);
    expect({}.constructor).toBe(Object);
  });

  it("D6: refuses ids that are used twice", () => {
    const document = buildDocument({ a: ["t"], b: ["t"] }, ["a.x > b.x", "a.x > b.y"]);
    const edges = document.edges.map((edge) => ({ ...edge, id: "same" }));
    expect(messageOf({ ...document, edges })).toContain('"same" is used twice');
  });

  it("refuses numbers that have no JSON form", () => {
    for (const number of [NaN, Infinity, -Infinity]) {
      const nodes = { a: { type: "t", position: { x: 0, y: 0 }, params: { deep: [{ number }] } } };
      expect(messageOf({ ...empty, nodes })).toContain(
        "nodes.a.params.deep.0.number must be a finite number",
      );
    }
  });

  it("never throws, and what it gives it takes again unchanged", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (json) => {
        parseDocument(json);
      }),
    );
    fc.assert(
      fc.property(
        fc.record(
          {
            heddle: fc.constantFrom(1, 2),
            name: fc.string(),
            nodes: fc.object(),
            edges: fc.array(fc.object()),
          },
          { requiredKeys: [] },
        ),
        (json) => {
          const first = parseDocument(json);
          if (first.ok) expect(parseDocument(first.document)).toEqual(first);
        },
      ),
    );
  });
});
