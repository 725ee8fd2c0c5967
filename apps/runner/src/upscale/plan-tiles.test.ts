import fc from "fast-check";
import { expect, test } from "vitest";
import { planTiles, type TilePlan } from "./plan-tiles.ts";

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 900 }),
  height: fc.integer({ min: 1, max: 900 }),
  tile: fc.integer({ min: 40, max: 200 }),
  overlap: fc.integer({ min: 0, max: 16 }),
});

test("every pixel is kept by exactly one tile", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const { tiles } = planTiles(size);
      const area = tiles.reduce(
        (sum, tile) => sum + (tile.keepRight - tile.keepLeft) * (tile.keepBottom - tile.keepTop),
        0,
      );
      expect(area).toBe(size.width * size.height);
      const columns = tiles.filter((tile) => tile.keepTop === 0);
      expect(columns[0]?.keepLeft).toBe(0);
      for (const [index, tile] of columns.entries()) {
        expect(tile.keepRight).toBe(columns[index + 1]?.keepLeft ?? size.width);
      }
    }),
  );
});

test("tiles have one shape, no longer than allowed, and lie inside the picture", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const plan = planTiles(size);
      expect(Math.max(plan.width, plan.height)).toBeLessThanOrEqual(size.tile);
      for (const tile of plan.tiles) {
        expect(tile.left).toBeGreaterThanOrEqual(0);
        expect(tile.top).toBeGreaterThanOrEqual(0);
        expect(tile.left + plan.width).toBeLessThanOrEqual(size.width);
        expect(tile.top + plan.height).toBeLessThanOrEqual(size.height);
      }
    }),
  );
});

test("what is kept lies a margin away from the tile's edge, or on the picture's edge", () => {
  fc.assert(
    fc.property(sizes, (size) => {
      const plan = planTiles(size);
      for (const tile of plan.tiles) expect(margins(tile, plan, size)).toBe(true);
    }),
  );
});

function margins(
  tile: TilePlan["tiles"][number],
  plan: TilePlan,
  size: { width: number; height: number; overlap: number },
): boolean {
  const [right, bottom] = [tile.left + plan.width, tile.top + plan.height];
  return (
    (tile.left === 0 || tile.keepLeft - tile.left >= size.overlap) &&
    (tile.top === 0 || tile.keepTop - tile.top >= size.overlap) &&
    (right === size.width || right - tile.keepRight >= size.overlap) &&
    (bottom === size.height || bottom - tile.keepBottom >= size.overlap)
  );
}

test("2048 × 2048 with the recommended tile is 13 × 13 tiles", () => {
  const plan = planTiles({ width: 2048, height: 2048, tile: 192, overlap: 16 });
  expect(plan.tiles).toHaveLength(169);
  expect(plan.width).toBe(188);
});
