import { describe, expect, it } from "vitest";
import type { Pixel } from "./testing/draw-pixels.ts";
import { inkOf } from "./testing/ink-of.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
const solid =
  (...colour: [number, number, number, number?]) =>
  (): Pixel =>
    colour;
const red = solid(255, 0, 0);
const blue = solid(0, 0, 255);

describe("blend", () => {
  /** W3C Compositing and Blending 1, chapter 9, on one channel from 0 to 1: b below, s above. */
  const softD = (b: number) => (b <= 0.25 ? ((16 * b - 12) * b + 4) * b : Math.sqrt(b));
  const hard = (b: number, s: number) => (s <= 0.5 ? b * 2 * s : b + (2 * s - 1) - b * (2 * s - 1));
  const formulas: Record<string, (b: number, s: number) => number> = {
    normal: (_b, s) => s,
    multiply: (b, s) => b * s,
    screen: (b, s) => b + s - b * s,
    overlay: (b, s) => hard(s, b),
    "hard-light": hard,
    "soft-light": (b, s) =>
      s <= 0.5 ? b - (1 - 2 * s) * b * (1 - b) : b + (2 * s - 1) * (softD(b) - b),
    darken: Math.min,
    lighten: Math.max,
    difference: (b, s) => Math.abs(b - s),
  };

  it.each(Object.keys(formulas))("%s follows its formula, weighted by opacity", async (mode) => {
    const levels = [0, 30, 64, 100, 128, 180, 220, 255];
    const below = (x: number, y: number): Pixel => [
      levels[x] ?? 0,
      levels[y] ?? 0,
      levels[7 - x] ?? 0,
    ];
    const above = (x: number, y: number): Pixel => [levels[y] ?? 0, levels[x] ?? 0, levels[x] ?? 0];
    const base = await bench.draw(8, 8, below);
    const overlay = await bench.draw(8, 8, above);
    for (const opacity of [100, 40, 0]) {
      const made = await bench.decode(
        await bench.run("blend", { mode, opacity }, { base, overlay }),
      );
      for (let y = 0; y < 8; y += 1) {
        for (let x = 0; x < 8; x += 1) {
          const found = made.at(x, y);
          for (const channel of [0, 1, 2] as const) {
            const b = below(x, y)[channel] / 255;
            const s = above(x, y)[channel] / 255;
            const wanted = b + (opacity / 100) * ((formulas[mode]?.(b, s) ?? 0) - b);
            expect(Math.abs(found[channel] - wanted * 255)).toBeLessThan(1.3);
          }
          expect(found[3]).toBe(255);
        }
      }
    }
  });

  it("shows the upper picture where the mask is white, the lower where it is black, both where it is grey", async () => {
    const inputs = {
      base: await bench.draw(30, 10, red),
      overlay: await bench.draw(30, 10, blue),
      mask: await bench.draw(3, 1, (x) => [x * 127.5, x * 127.5, x * 127.5]),
    };
    const made = await bench.decode(await bench.run("blend", {}, inputs));
    expect([made.at(2, 5), made.at(28, 5)]).toEqual([
      [255, 0, 0, 255],
      [0, 0, 255, 255],
    ]);
    const [r, , b] = made.at(15, 5);
    expect([Math.abs(r - 128) < 4, Math.abs(b - 127) < 4]).toEqual([true, true]);
  });

  it("counts a transparent mask as black", async () => {
    const mask = await bench.draw(1, 1, solid(255, 255, 255, 0));
    const inputs = {
      base: await bench.draw(4, 4, red),
      overlay: await bench.draw(4, 4, blue),
      mask,
    };
    expect((await bench.decode(await bench.run("blend", {}, inputs))).at(1, 1)).toEqual([
      255, 0, 0, 255,
    ]);
  });

  it.each([
    ["fill", [40, 20], [0, 0, 255]],
    ["cover", [40, 20], [0, 0, 255]],
    ["contain", [20, 20], [0, 0, 255]],
    ["none", [10, 10], [0, 0, 255]],
  ])(
    "%s brings a 10 × 10 picture to 40 × 20 as %j",
    async (fit, [width = 0, height = 0], colour) => {
      const inputs = {
        base: await bench.draw(40, 20, red),
        overlay: await bench.draw(10, 10, blue),
      };
      const made = await bench.decode(await bench.run("blend", { fit }, inputs));
      expect([made.width, made.height]).toEqual([40, 20]);
      expect(made.at(20, 10).slice(0, 3)).toEqual(colour);
      expect(inkOf(made, [255, 0, 0])).toMatchObject({
        left: (40 - width) / 2,
        right: (40 + width) / 2 - 1,
        top: (20 - height) / 2,
        bottom: (20 + height) / 2 - 1,
      });
    },
  );

  it("takes an upper picture that is larger on one side only, at its own size", async () => {
    const inputs = {
      base: await bench.draw(20, 20, red),
      overlay: await bench.draw(40, 4, (x) => (x < 20 ? [0, 0, 255] : [0, 255, 0])),
    };
    const made = await bench.decode(await bench.run("blend", { fit: "none" }, inputs));
    expect(
      [made.at(0, 10), made.at(19, 10), made.at(10, 7)].map((pixel) => pixel.slice(0, 3)),
    ).toEqual([
      [0, 0, 255],
      [0, 255, 0],
      [255, 0, 0],
    ]);
  });

  it("keeps a transparent lower picture transparent where nothing lies over it", async () => {
    const inputs = {
      base: await bench.draw(4, 4, solid(0, 0, 0, 0)),
      overlay: await bench.draw(2, 2, blue),
    };
    const made = await bench.decode(await bench.run("blend", { fit: "none" }, inputs));
    expect([made.at(0, 0)[3], made.at(1, 1)]).toEqual([0, [0, 0, 255, 255]]);
  });
});
