import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cacheKey, type CacheKeySource } from "./cache-key.ts";
import type { ScalarValue, Value } from "./media.ts";

const hex = fc.string({
  unit: fc.constantFrom(..."0123456789abcdef".split("")),
  minLength: 64,
  maxLength: 64,
});
const artifact = fc.record({
  sha256: hex,
  contentType: fc.constantFrom("image/png", "image/jpeg"),
  sizeBytes: fc.nat(),
});
const scalar: fc.Arbitrary<ScalarValue> = fc.oneof(
  fc.record({ media: fc.constant("text" as const), text: fc.string() }),
  fc.record({
    media: fc.constant("number" as const),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  fc.record({
    media: fc.constantFrom("image" as const, "video" as const, "lora" as const),
    artifact,
  }),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  fc
    .array(fc.record({ media: fc.constant("text" as const), text: fc.string() }))
    .map((items): Value => ({ media: "list", of: "text", items })),
);
const name = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 2 });
const source: fc.Arbitrary<CacheKeySource> = fc.record(
  {
    op: fc.constantFrom("resize", "adjust"),
    version: fc.nat(3),
    model: fc.record({ sha256: hex }),
    params: fc.dictionary(name, fc.oneof(fc.integer(), fc.string(), fc.boolean())),
    inputs: fc.dictionary(name, value),
    numericClass: fc.constantFrom("cpu", "cuda-fp16"),
  },
  { requiredKeys: ["op", "version", "params", "inputs"] },
);

function reversed<Item>(record: Readonly<Record<string, Item>>): Record<string, Item> {
  return Object.fromEntries(Object.entries(record).reverse());
}

describe("cacheKey", () => {
  it("K1: is 64 hex digits and a function of its source", () => {
    fc.assert(
      fc.property(source, (one) => {
        expect(cacheKey(one)).toMatch(/^[0-9a-f]{64}$/);
        expect(cacheKey(structuredClone(one))).toBe(cacheKey(one));
      }),
    );
  });

  it("K2: does not depend on the order of keys", () => {
    fc.assert(
      fc.property(source, (one) => {
        const other = { ...one, params: reversed(one.params), inputs: reversed(one.inputs) };
        expect(cacheKey(other)).toBe(cacheKey(one));
      }),
    );
  });

  it("K3: two sources with one key are equal in all that matters", () => {
    fc.assert(
      fc.property(source, source, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        if (cacheKey(a) === cacheKey(b)) expect(withoutFiles(a)).toEqual(withoutFiles(b));
      }),
    );
  });

  it("K3: changes with op, version, model, numeric class, every parameter and every input", () => {
    fc.assert(
      fc.property(source, name, value, (one, input, given) => {
        const key = cacheKey(one);
        const text = (suffix: string): Value => ({
          media: "text",
          text: `${JSON.stringify(given)}${suffix}`,
        });
        const changed: CacheKeySource[] = [
          { ...one, op: `${one.op}!` },
          { ...one, version: one.version + 1 },
          { ...one, model: { sha256: "changed" } },
          { ...one, numericClass: "other" },
          { ...one, params: { ...one.params, added: 1 } },
          { ...one, inputs: { ...one.inputs, added: given } },
          { ...one, inputs: { ...one.inputs, [input]: text("changed") } },
        ];
        for (const other of changed) expect(cacheKey(other)).not.toBe(key);
      }),
    );
  });

  it("K3: tells one item from a list of one, and the order of items", () => {
    const item = (text: string): ScalarValue => ({ media: "text", text });
    const of = (...items: ScalarValue[]): Value => ({ media: "list", of: "text", items });
    const base = { op: "o", version: 1, params: {} };
    const keys = [
      item("a"),
      of(item("a")),
      of(item("a"), item("b")),
      of(item("b"), item("a")),
      of(),
    ];
    expect(new Set(keys.map((a) => cacheKey({ ...base, inputs: { a } }))).size).toBe(keys.length);
  });

  it("K3: tells lone surrogates apart, which UTF-8 would not", () => {
    const key = (text: string) => cacheKey({ op: "o", version: 1, params: { text }, inputs: {} });
    expect(key("\ud800")).not.toBe(key("\ud801"));
    expect(key("\ud800")).not.toBe(key("\ufffd"));
  });

  it("K4: a file counts by its bytes alone, in inputs and in parameters", () => {
    const file = (sha: string, contentType: string) => ({
      sha256: sha.repeat(64),
      contentType,
      sizeBytes: 1,
    });
    const key = (sha: string, contentType: string) =>
      cacheKey({
        op: "o",
        version: 1,
        params: { file: file(sha, contentType) },
        inputs: { image: { media: "image", artifact: file(sha, contentType) } },
      });
    expect(key("a", "image/png")).toBe(key("a", "image/jpeg"));
    expect(key("a", "image/png")).not.toBe(key("b", "image/png"));
  });
});

/** What remains when files are named by their hash and −0 is 0. */
function withoutFiles(one: CacheKeySource): unknown {
  const text = JSON.stringify(one, (key, json: unknown) =>
    key === "contentType" || key === "sizeBytes" ? undefined : json,
  );
  return JSON.parse(text);
}
