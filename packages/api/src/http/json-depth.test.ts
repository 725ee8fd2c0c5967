import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("isDeeperThan", () => {
  it("counts arrays and objects, and not the brackets in strings", () => {
    expect(isDeeperThan(bytes('{"a":["]]]{{{[[[","\\"[["]}'), 2)).toBe(false);
    expect(isDeeperThan(bytes('{"a":[[]]}'), 2)).toBe(true);
  });

  it("agrees with the depth of any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (json) => {
        const depth = depthOf(json);
        const text = bytes(JSON.stringify(json));
        expect(isDeeperThan(text, depth)).toBe(false);
        if (depth > 0) expect(isDeeperThan(text, depth - 1)).toBe(true);
      }),
    );
  });

  it("sees ten million levels without recursion", () => {
    expect(isDeeperThan(bytes("[".repeat(10_000_000)), 64)).toBe(true);
    expect(isDeeperThan(bytes("[".repeat(10_000_000)), 10_000_000)).toBe(false);
  });
});

function depthOf(json: unknown): number {
  if (typeof json !== "object" || json === null) return 0;
  return 1 + Math.max(0, ...Object.values(json).map(depthOf));
}
