import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import type { Json } from "./json.ts";

/** The same value with the keys of every object in another order. */
function reversed(json: Json): Json {
  if (Array.isArray(json)) return json.map(reversed);
  if (json === null || typeof json !== "object") return json;
  const entries = Object.entries(json).reverse();
  return Object.fromEntries(entries.map(([key, value]) => [key, reversed(value)]));
}

const json = fc.jsonValue() as fc.Arbitrary<Json>;

describe("canonicalJson", () => {
  it("writes one text per value: sorted keys, no space, no negative zero", () => {
    expect(canonicalJson({ b: [1, -0, 1e21], a: { d: null, c: "\ud800é" }, u: undefined })).toBe(
      '{"a":{"c":"\\ud800é","d":null},"b":[1,0,1e+21]}',
    );
  });

  it("K2: does not depend on the order of keys, and reads back as the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });

  it("refuses what has no JSON form", () => {
    for (const number of [NaN, Infinity, -Infinity]) {
      expect(() => canonicalJson({ number })).toThrow("finite");
    }
  });

  it("has no limit of depth", () => {
    let deep: Json = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(canonicalJson(deep)).toHaveLength(200_001);
  });
});
