import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pixel } from "./testing/draw-pixels.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
type Rgb = [number, number, number];
const clip = (value: number) => Math.min(255, Math.max(0, value));
/** A palette of 64 × 1 colours that reaches every corner of the cube. */
const palette = (x: number): Pixel => [
  (x % 4) * 85,
  (Math.floor(x / 4) % 4) * 85,
  Math.floor(x / 16) * 85,
];

describe("adjust", () => {
  /** W3C Filter Effects 1, one filter after the other, on colours from 0 to 1. */
  const css = {
    brightness: ([r, g, b]: Rgb, n: number): Rgb => [r * n, g * n, b * n],
    contrast: (colour: Rgb, n: number) => colour.map((c) => (c - 0.5) * n + 0.5) as Rgb,
    saturate: (colour: Rgb, s: number) => {
      const grey = 0.213 * colour[0] + 0.715 * colour[1] + 0.072 * colour[2];
      return colour.map((c) => grey + s * (c - grey)) as Rgb;
    },
    hueRotate: ([r, g, b]: Rgb, degrees: number): Rgb => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const rows = [
        [
          0.213 + c * 0.787 - s * 0.213,
          0.715 - c * 0.715 - s * 0.715,
          0.072 - c * 0.072 + s * 0.928,
        ],
        [
          0.213 - c * 0.213 + s * 0.143,
          0.715 + c * 0.285 + s * 0.14,
          0.072 - c * 0.072 - s * 0.283,
        ],
        [
          0.213 - c * 0.213 - s * 0.787,
          0.715 - c * 0.715 + s * 0.715,
          0.072 + c * 0.928 + s * 0.072,
        ],
      ] as Rgb[];
      return rows.map(([x, y, z]) => x * r + y * g + z * b) as Rgb;
    },
  };

  it("does what the CSS filters of the same names do, one after the other, without clipping between them", async () => {
    const image = await bench.draw(64, 1, palette);
    const percent = fc.integer({ min: -100, max: 100 });
    await fc.assert(
      fc.asyncProperty(
        percent,
        percent,
        percent,
        fc.integer({ min: -180, max: 180 }),
        async (b, c, s, hue) => {
          const params = { brightness: b, contrast: c, saturation: s, hue };
          const made = await bench.decode(await bench.run("adjust", params, { image }));
          for (let x = 0; x < 64; x += 1) {
            const own = palette(x).map((value = 0) => value / 255) as Rgb;
            const bright = css.brightness(own, 1 + b / 100);
            const wanted = css.hueRotate(
              css.saturate(css.contrast(bright, 1 + c / 100), 1 + s / 100),
              hue,
            );
            const found = made.at(x, 0);
            for (const channel of [0, 1, 2] as const) {
              expect(Math.abs(found[channel] - clip(wanted[channel] * 255))).toBeLessThanOrEqual(
                0.51,
              );
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("agrees with what browsers show for hue-rotate(180deg) on red, and knows black and white", async () => {
    const red = await bench.draw(1, 1, () => [255, 0, 0]);
    expect(
      (await bench.decode(await bench.run("adjust", { hue: 180 }, { image: red }))).at(0, 0),
    ).toEqual([0, 109, 109, 255]);
    expect(
      (await bench.decode(await bench.run("adjust", { saturation: -100 }, { image: red }))).at(
        0,
        0,
      ),
    ).toEqual([54, 54, 54, 255]);
    expect(
      (await bench.decode(await bench.run("adjust", { brightness: -100 }, { image: red }))).at(
        0,
        0,
      ),
    ).toEqual([0, 0, 0, 255]);
  });

  it("changes nothing when everything is 0, and keeps alpha", async () => {
    const half = await bench.draw(
      64,
      1,
      (x) => [...palette(x).slice(0, 3), x * 4] as [number, number, number, number],
    );
    const made = await bench.decode(await bench.run("adjust", {}, { image: half }));
    for (let x = 0; x < 64; x += 1) expect(made.at(x, 0)).toEqual([...palette(x), x * 4]);
  });

  it("drops alpha only when the picture has none", async () => {
    const grey = await bench.file(await toJpeg());
    expect(
      (await bench.decode(await bench.run("adjust", { hue: 10 }, { image: grey }))).channels,
    ).toBe(3);
    const clear = await bench.draw(2, 2, () => [1, 2, 3, 4]);
    expect(
      (await bench.decode(await bench.run("adjust", { hue: 10 }, { image: clear }))).channels,
    ).toBe(4);
  });

  async function toJpeg() {
    const { default: sharp } = await import("sharp");
    return sharp(await bench.bytesOf(await bench.draw(2, 2, () => [9, 9, 9])))
      .jpeg()
      .toBuffer();
  }
});

describe("blur-sharpen", () => {
  const step = (x: number): Pixel => (x < 50 ? [40, 40, 40] : [200, 200, 200]);
  const gaussian = (x: number, sigma: number) => {
    let below = 0;
    let all = 0;
    for (let at = -200; at <= 200; at += 0.05) {
      const weight = Math.exp(-(at * at) / (2 * sigma * sigma));
      all += weight;
      if (x + 0.5 + at < 50) below += weight;
    }
    return 200 - 160 * (below / all);
  };

  it.each([1, 4, 9])("blurs an edge as a Gaussian of radius %i does", async (radius) => {
    const image = await bench.draw(100, 9, step);
    const made = await bench.decode(
      await bench.run("blur-sharpen", { effect: "blur", radius }, { image }),
    );
    for (let x = 0; x < 100; x += 1)
      expect(Math.abs(made.at(x, 4)[0] - gaussian(x, radius))).toBeLessThan(4);
  });

  it("leaves an even picture even, up to the largest radius", async () => {
    const image = await bench.draw(300, 40, () => [12, 200, 77]);
    for (const radius of [0.2, 1, 30, 100]) {
      const made = await bench.decode(
        await bench.run("blur-sharpen", { effect: "blur", radius }, { image }),
      );
      expect(made.at(150, 20)).toEqual([12, 200, 77, 255]);
      expect(made.at(0, 0)).toEqual([12, 200, 77, 255]);
    }
  });

  it("sharpens by adding the difference to the blurred picture", async () => {
    const image = await bench.draw(100, 9, step);
    const radius = 3;
    const soft = await bench.decode(
      await bench.run("blur-sharpen", { effect: "blur", radius }, { image }),
    );
    const made = await bench.decode(
      await bench.run("blur-sharpen", { effect: "sharpen", radius, strength: 50 }, { image }),
    );
    for (let x = 0; x < 100; x += 1) {
      const [own] = step(x);
      expect(
        Math.abs(made.at(x, 4)[0] - clip(own + 0.5 * (own - soft.at(x, 4)[0]))),
      ).toBeLessThanOrEqual(0.5);
    }
    expect(made.at(51, 4)[0]).toBeGreaterThan(210);
  });

  it("changes nothing at radius 0", async () => {
    const image = await bench.draw(64, 1, palette);
    for (const effect of ["blur", "sharpen"]) {
      const made = await bench.decode(
        await bench.run("blur-sharpen", { effect, radius: 0, strength: 500 }, { image }),
      );
      for (let x = 0; x < 64; x += 1) expect(made.at(x, 0)).toEqual([...palette(x), 255]);
    }
  });
});

describe("masks", () => {
  const ramp = (x: number): Pixel => [x, x, x];

  it("selects what is bright enough, with a soft edge, and the rest when inverted", async () => {
    const image = await bench.draw(256, 2, ramp);
    const params = { from: 40, to: 80, softness: 10 };
    const mask = await bench.run("mask-luminance", params, { image });
    const made = await bench.decode(mask);
    expect(made.channels).toBe(1);
    for (let x = 0; x < 256; x += 1) {
      const luma = x / 2.55;
      const wanted =
        luma < 40
          ? Math.max(0, 1 - (40 - luma) / 10)
          : luma > 80
            ? Math.max(0, 1 - (luma - 80) / 10)
            : 1;
      expect(Math.abs(made.at(x, 0)[0] - wanted * 255)).toBeLessThan(4);
    }
    const inverse = await bench.decode(
      await bench.run("mask-luminance", { ...params, invert: true }, { image }),
    );
    for (let x = 0; x < 256; x += 5) expect(inverse.at(x, 0)[0] + made.at(x, 0)[0]).toBe(255);
  });

  it("weighs colours as the eye does: green is bright, blue is dark", async () => {
    const image = await bench.draw(3, 1, (x) => [
      x === 0 ? 255 : 0,
      x === 1 ? 255 : 0,
      x === 2 ? 255 : 0,
    ]);
    const made = await bench.decode(
      await bench.run("mask-luminance", { from: 50, softness: 0 }, { image }),
    );
    expect([0, 1, 2].map((x) => made.at(x, 0)[0])).toEqual([0, 255, 0]);
  });

  it("never selects what is transparent, inverted or not", async () => {
    const image = await bench.draw(2, 1, (x) => [255, 255, 255, x === 0 ? 0 : 128]);
    for (const invert of [false, true]) {
      const made = await bench.decode(await bench.run("mask-luminance", { invert }, { image }));
      expect([made.at(0, 0)[0], made.at(1, 0)[0]]).toEqual([0, invert ? 0 : 128]);
    }
  });

  it("feathers the edge and only the edge", async () => {
    const image = await bench.draw(100, 3, (x) => (x < 50 ? [0, 0, 0] : [255, 255, 255]));
    const made = await bench.decode(
      await bench.run("mask-luminance", { feather: 5, softness: 0 }, { image }),
    );
    expect([made.at(10, 1)[0], made.at(90, 1)[0]]).toEqual([0, 255]);
    const edge = Array.from({ length: 20 }, (_, index) => made.at(40 + index, 1)[0]);
    expect(edge).toEqual([...edge].sort((a, b) => a - b));
    expect(new Set(edge).size).toBeGreaterThan(12);
  });

  it("selects a colour and its neighbours, and not the others", async () => {
    const colours: Pixel[] = [
      [58, 166, 85],
      [62, 170, 92],
      [52, 160, 80],
      [200, 40, 40],
      [40, 60, 200],
      [255, 255, 255],
    ];
    const image = await bench.draw(6, 1, (x) => colours[x] ?? [0, 0, 0]);
    const made = await bench.decode(
      await bench.run("mask-colour", { colour: "#3aa655", tolerance: 8, softness: 0 }, { image }),
    );
    expect(colours.map((_, x) => made.at(x, 0)[0])).toEqual([255, 255, 255, 0, 0, 0]);
    const exact = await bench.decode(
      await bench.run("mask-colour", { colour: "#3aa655", tolerance: 0, softness: 0 }, { image }),
    );
    expect(colours.map((_, x) => exact.at(x, 0)[0])).toEqual([255, 0, 0, 0, 0, 0]);
  });

  it("counts black as 100 away from white", async () => {
    const image = await bench.draw(1, 1, () => [0, 0, 0]);
    const at = async (tolerance: number) =>
      (
        await bench.decode(
          await bench.run("mask-colour", { colour: "#ffffff", tolerance, softness: 0 }, { image }),
        )
      ).at(0, 0)[0];
    expect([await at(99), await at(100)]).toEqual([0, 255]);
  });

  it("refuses a range that is upside down and a colour that is none", async () => {
    const image = await bench.draw(1, 1, () => [0, 0, 0]);
    await expect(
      bench.run("mask-luminance", { from: 60, to: 50 }, { image }),
    ).rejects.toMatchObject({
      portId: "to",
      message: "To must not be below From.",
    });
    await expect(bench.run("mask-colour", { colour: "green" }, { image })).rejects.toMatchObject({
      portId: "colour",
    });
  });
});
