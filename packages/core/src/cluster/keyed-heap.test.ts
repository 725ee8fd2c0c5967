import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedHeap } from "./keyed-heap.ts";

interface Item {
  readonly key: number;
  readonly weight: number;
}

const compare = (first: Item, second: Item) =>
  first.weight - second.weight || first.key - second.key;

const change = fc.record({
  isDelete: fc.boolean(),
  key: fc.nat(30),
  weight: fc.integer({ min: -5, max: 5 }),
});

describe("a heap whose items are found by key", () => {
  it("holds, after any changes, what a sorted array of the same items holds, in that order", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const heap = new KeyedHeap<number, Item>(compare);
        const plain = new Map<number, Item>();
        for (const { isDelete, key, weight } of changes) {
          if (isDelete) {
            heap.delete(key);
            plain.delete(key);
          } else {
            heap.set(key, { key, weight });
            plain.set(key, { key, weight });
          }
          const sorted = [...plain.values()].toSorted(compare);
          expect(heap.peek()).toEqual(sorted[0]);
          expect(heap.size).toBe(sorted.length);
          expect(heap.get(key)).toEqual(plain.get(key));
        }
        const sorted = [...plain.values()].toSorted(compare);
        expect([...heap.inOrder()]).toEqual(sorted);
        expect([...heap.firstOf(3)]).toEqual(sorted.slice(0, 3));
        expect(heap.first(({ weight }) => weight > 0)).toEqual(
          sorted.find(({ weight }) => weight > 0),
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
