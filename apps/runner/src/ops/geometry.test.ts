import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import type { Pixel } from "./testing/draw-pixels.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
/** Every pixel says where it stands. */
const where = (x: number, y: number): Pixel => [x, y, (x * 7 + y * 13) % 256];

describe("resize", () => {
  it.each([
    ["inside", 50, 50, 50, 25],
    ["cover", 50, 50, 50, 50],
    ["contain", 50, 50, 50, 50],
    ["fill", 50, 30, 50, 30],
    ["inside", 1, 400, 1, 1],
  ])(
    "%s makes a 100 × 50 picture in a frame of %i × %i one of %i × %i",
    async (fit, width, height, w, h) => {
      const image = await bench.draw(100, 50, where);
      const made = await bench.run("resize", { fit, width, height }, { image });
      expect(made.artifact).toMatchObject({ width: w, height: h, contentType: "image/png" });
      expect(await bench.decode(made)).toMatchObject({ width: w, height: h });
    },
  );

  it("keeps hard pixels with nearest: each becomes a block", async () => {
    const image = await bench.draw(3, 2, where);
    const made = await bench.decode(
      await bench.run("resize", { width: 12, height: 8, kernel: "nearest" }, { image }),
    );
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 12; x += 1) {
        expect(made.at(x, y)).toEqual([...where(Math.floor(x / 4), Math.floor(y / 4)), 255]);
      }
    }
  });

  it("halves to the mean of the pixels it stands for, whichever soft kernel", async () => {
    const image = await bench.draw(64, 64, (x) => (x < 32 ? [40, 80, 120] : [200, 100, 0]));
    for (const kernel of ["lanczos3", "mitchell", "cubic", "linear"]) {
      const made = await bench.decode(
        await bench.run("resize", { width: 32, height: 32, kernel }, { image }),
      );
      expect(made.at(4, 4)).toEqual([40, 80, 120, 255]);
      expect(made.at(28, 28)).toEqual([200, 100, 0, 255]);
    }
  });

  it("pads with nothing, or with the colour that was chosen", async () => {
    const image = await bench.draw(100, 50, () => [10, 20, 30]);
    const frame = { fit: "contain", width: 50, height: 50 };
    const clear = await bench.decode(await bench.run("resize", frame, { image }));
    expect([clear.at(25, 2)[3], clear.at(25, 25)]).toEqual([0, [10, 20, 30, 255]]);
    const red = await bench.decode(
      await bench.run("resize", { ...frame, background: "#ff0000" }, { image }),
    );
    expect([red.at(25, 2), red.at(25, 25)]).toEqual([
      [255, 0, 0, 255],
      [10, 20, 30, 255],
    ]);
  });

  it("does not let the colour of transparent pixels bleed into the edge", async () => {
    const image = await bench.draw(64, 64, (x) => (x < 32 ? [200, 100, 50] : [0, 255, 0, 0]));
    const made = await bench.decode(
      await bench.run("resize", { width: 20, height: 20 }, { image }),
    );
    for (let x = 0; x < 20; x += 1) {
      const [r, g, b, a = 0] = made.at(x, 10);
      if (a > 40)
        expect(Math.max(Math.abs(r - 200), Math.abs(g - 100), Math.abs(b - 50))).toBeLessThan(8);
    }
  });

  it("refuses to make more pixels than allowed, naming the limit", async () => {
    const image = await bench.draw(4, 4, where);
    const making = bench.run("resize", { fit: "fill", width: 16_384, height: 16_384 }, { image });
    await expect(making).rejects.toMatchObject({
      name: "OpError",
      code: "image_too_large",
      portId: "width",
      message: expect.stringMatching(
        /16384 × 16384 pixels \(269 megapixels\).*at most 100 megapixels/,
      ),
    });
  });
});

describe("crop", () => {
  it("cuts exactly the rectangle that was asked for", async () => {
    const image = await bench.draw(40, 30, where);
    const side = (most: number) => fc.integer({ min: 0, max: most - 1 });
    await fc.assert(
      fc.asyncProperty(side(40), side(30), side(40), side(30), async (x1, y1, x2, y2) => {
        const [left, top] = [Math.min(x1, x2), Math.min(y1, y2)];
        const [width, height] = [Math.abs(x1 - x2) + 1, Math.abs(y1 - y2) + 1];
        const made = await bench.decode(
          await bench.run("crop", { by: "rectangle", left, top, width, height }, { image }),
        );
        expect([made.width, made.height]).toEqual([width, height]);
        for (const [x, y] of [
          [0, 0],
          [width - 1, height - 1],
        ] as const) {
          expect(made.at(x, y)).toEqual([...where(left + x, top + y), 255]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["1:1", "centre", [50, 50], [25, 0]],
    ["1:1", "left", [50, 50], [0, 0]],
    ["1:1", "top-right", [50, 50], [50, 0]],
    ["1:2", "bottom-right", [25, 50], [75, 0]],
    ["4:1", "top", [100, 25], [0, 0]],
    ["4:1", "bottom-left", [100, 25], [0, 25]],
    ["2.39:1", "centre", [100, 42], [0, 4]],
    ["99999:1", "top", [100, 1], [0, 0]],
  ] as const)("cuts 100 × 50 to %s, keeping %s", async (proportions, anchor, size, corner) => {
    const image = await bench.draw(100, 50, where);
    const made = await bench.decode(await bench.run("crop", { proportions, anchor }, { image }));
    expect([made.width, made.height]).toEqual(size);
    expect(made.at(0, 0)).toEqual([...where(corner[0], corner[1]), 255]);
  });

  it("finds where the eye goes", async () => {
    const image = await bench.draw(200, 60, (x, y) => {
      const inside = (x - 160) ** 2 + (y - 30) ** 2 < 400;
      return inside ? [230, 60, (x * 31 + y * 17) % 256] : [120, 120, 120];
    });
    const made = await bench.decode(
      await bench.run("crop", { proportions: "1:1", anchor: "attention" }, { image }),
    );
    expect([made.width, made.height]).toEqual([60, 60]);
    const reds = Array.from({ length: 60 }, (_, x) => made.at(x, 30)[0]).filter(
      (red) => red === 230,
    );
    expect(reds.length).toBeGreaterThan(35);
  });

  it.each([
    [{ left: 640, top: 0, width: 1, height: 1 }, "left", "641 × 1"],
    [{ left: 600, top: 0, width: 41, height: 1 }, "width", "641 × 1"],
    [{ left: 0, top: 480, width: 1, height: 1 }, "top", "1 × 481"],
    [{ left: 0, top: 400, width: 640, height: 81 }, "height", "640 × 481"],
  ])(
    "refuses %j outside 640 × 480, saying how far it reaches",
    async (rectangle, portId, reach) => {
      const image = await bench.draw(640, 480, () => [0, 0, 0]);
      await expect(
        bench.run("crop", { by: "rectangle", ...rectangle }, { image }),
      ).rejects.toMatchObject({
        code: "crop_outside",
        portId,
        message: `The crop lies outside the picture: the picture is 640 × 480, the crop reaches to ${reach}.`,
      });
    },
  );

  it("refuses proportions that are none", async () => {
    const image = await bench.draw(4, 4, where);
    for (const proportions of ["0:1", "1:0", "a:b", "1", "-1:2", "1e9:1", "0.0:1"]) {
      await expect(bench.run("crop", { proportions }, { image })).rejects.toMatchObject({
        code: "input_invalid",
        portId: "proportions",
      });
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "applies EXIF orientation %i once, before it cuts",
    async (orientation) => {
      const upright = await sharp(
        await bench.bytesOf(
          await bench.draw(32, 16, (x, y) => (x < 16 && y < 8 ? [255, 0, 0] : [0, 0, 255])),
        ),
      )
        .removeAlpha()
        .toBuffer();
      // What the camera stored: the inverse of what a viewer must do.
      const stored = await turnBack(upright, orientation);
      const image = await bench.file(
        await sharp(stored).withMetadata({ orientation }).jpeg({ quality: 100 }).toBuffer(),
      );
      const made = await bench.run(
        "crop",
        { by: "rectangle", left: 0, top: 0, width: 16, height: 8 },
        { image },
      );
      const again = await bench.decode(
        await bench.run("crop", { proportions: "2:1" }, { image: made }),
      );
      expect([again.width, again.height]).toEqual([16, 8]);
      for (const [x, y] of [
        [1, 1],
        [14, 6],
        [1, 6],
        [14, 1],
      ] as const) {
        const [r, , b] = again.at(x, y);
        expect([r > 220, b < 40]).toEqual([true, true]);
      }
    },
  );
});

async function turnBack(upright: Buffer, orientation: number): Promise<Buffer> {
  const steps: Record<number, ((image: Sharp) => Sharp)[]> = {
    1: [],
    2: [(image) => image.flop()],
    3: [(image) => image.rotate(180)],
    4: [(image) => image.flip()],
    5: [(image) => image.rotate(90), (image) => image.flop()],
    6: [(image) => image.rotate(270)],
    7: [(image) => image.rotate(270), (image) => image.flop()],
    8: [(image) => image.rotate(90)],
  };
  let image = upright;
  for (const step of steps[orientation] ?? []) image = await step(sharp(image)).toBuffer();
  return image;
}

describe("rotate-flip", () => {
  it.each([
    ["none", false, false, (x: number, y: number) => [x, y]],
    ["right", false, false, (x: number, y: number) => [y, 19 - x]],
    ["half", false, false, (x: number, y: number) => [29 - x, 19 - y]],
    ["left", false, false, (x: number, y: number) => [29 - y, x]],
    ["none", true, false, (x: number, y: number) => [29 - x, y]],
    ["none", false, true, (x: number, y: number) => [x, 19 - y]],
    ["right", true, false, (x: number, y: number) => [y, x]],
    ["left", true, true, (x: number, y: number) => [y, 19 - x]],
  ] as const)(
    "turns %s, mirrors across %s and down %s, in this order",
    async (turn, flipHorizontal, flipVertical, from) => {
      const image = await bench.draw(30, 20, where);
      const made = await bench.decode(
        await bench.run("rotate-flip", { turn, flipHorizontal, flipVertical }, { image }),
      );
      const sideways = turn === "right" || turn === "left";
      expect([made.width, made.height]).toEqual(sideways ? [20, 30] : [30, 20]);
      for (let y = 0; y < made.height; y += 3) {
        for (let x = 0; x < made.width; x += 3) {
          const [sx, sy] = from(x, y);
          expect(made.at(x, y)).toEqual([...where(sx ?? 0, sy ?? 0), 255]);
        }
      }
      expect(made.channels).toBe(4);
    },
  );

  it("straightens clockwise without cutting anything off, with clear or coloured corners", async () => {
    const image = await bench.draw(200, 100, (x) => (x < 100 ? [255, 0, 0] : [0, 0, 255]));
    const made = await bench.decode(await bench.run("rotate-flip", { angle: 30 }, { image }));
    // 200·cos30 + 100·sin30 = 223.2; 200·sin30 + 100·cos30 = 186.6
    expect(Math.abs(made.width - 223.2)).toBeLessThan(2);
    expect(Math.abs(made.height - 186.6)).toBeLessThan(2);
    expect(made.at(1, 1)[3]).toBe(0);
    // Clockwise: the left half goes up, the right half down.
    expect(made.at(50, 60).slice(0, 3)).toEqual([255, 0, 0]);
    expect(made.at(172, 126).slice(0, 3)).toEqual([0, 0, 255]);
    const green = await bench.decode(
      await bench.run("rotate-flip", { angle: 30, background: "#00ff00" }, { image }),
    );
    expect(green.at(1, 1)).toEqual([0, 255, 0, 255]);
  });

  it("mirrors after it straightens", async () => {
    const image = await bench.draw(101, 101, (x, y) =>
      x > 90 && y > 40 && y < 60 ? [0, 0, 0] : [255, 255, 255],
    );
    const background = "#ffffff";
    const made = await bench.decode(
      await bench.run("rotate-flip", { angle: 20, flipHorizontal: true, background }, { image }),
    );
    // The mark on the right turns clockwise, so downwards, and is mirrored to the left.
    const mark: [number, number][] = [];
    for (let y = 0; y < made.height; y += 1) {
      for (let x = 0; x < made.width; x += 1) if (made.at(x, y)[0] < 60) mark.push([x, y]);
    }
    const mean = (index: 0 | 1) => mark.reduce((sum, at) => sum + at[index], 0) / mark.length;
    expect(mean(0)).toBeLessThan(made.width / 2 - 30);
    expect(mean(1)).toBeGreaterThan(made.height / 2 + 10);
  });

  it("refuses to grow beyond the limit", async () => {
    const image = await bench.draw(100, 100, where);
    const limits = {
      nodes: 1,
      edges: 1,
      fanOut: 1,
      jsonDepth: 1,
      documentBytes: 1,
      pixels: 12_000,
      uploadBytes: 1,
      textLength: 1,
      runSeconds: 1,
    };
    await expect(
      bench.run("rotate-flip", { angle: 45 }, { image }, { limits }),
    ).rejects.toMatchObject({
      code: "image_too_large",
      portId: "angle",
    });
  });
});
