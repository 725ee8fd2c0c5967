import { describe, expect, it } from "vitest";
import type { Pixel } from "./testing/draw-pixels.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
const solid =
  (...colour: [number, number, number, number?]) =>
  (): Pixel =>
    colour;
const red = solid(255, 0, 0);
const blue = solid(0, 0, 255);

describe("compare", () => {
  it.each([0, 10, 50, 100])("divides at %i percent with a white line", async (position) => {
    const inputs = {
      before: await bench.draw(200, 20, red),
      after: await bench.draw(200, 20, blue),
    };
    const made = await bench.decode(
      await bench.run("compare", { view: "split", position }, inputs),
    );
    const edge = position * 2;
    for (let x = 0; x < 200; x += 1) {
      const onLine = position > 0 && position < 100 && Math.abs(x + 0.5 - edge) < 1;
      expect(made.at(x, 3)).toEqual(
        onLine ? [255, 255, 255, 255] : x < edge ? [255, 0, 0, 255] : [0, 0, 255, 255],
      );
    }
  });

  it("brings the first to the size of the second, smoothly or with hard pixels", async () => {
    const inputs = {
      before: await bench.draw(2, 2, (x, y) => ((x + y) % 2 === 0 ? [0, 0, 0] : [255, 255, 255])),
      after: await bench.draw(80, 80, blue),
    };
    const hard = await bench.decode(
      await bench.run("compare", { position: 100, kernel: "nearest" }, inputs),
    );
    expect([hard.width, hard.height]).toEqual([80, 80]);
    expect([hard.at(39, 5)[0], hard.at(40, 5)[0], hard.at(5, 39)[0], hard.at(5, 40)[0]]).toEqual([
      0, 255, 0, 255,
    ]);
    const smooth = await bench.decode(await bench.run("compare", { position: 100 }, inputs));
    expect(smooth.at(39, 5)[0]).toBeGreaterThan(40);
    expect(smooth.at(39, 5)[0]).toBeLessThan(215);
  });

  it("stands both side by side with a gap", async () => {
    const inputs = {
      before: await bench.draw(100, 30, red),
      after: await bench.draw(100, 30, blue),
    };
    const made = await bench.decode(await bench.run("compare", { view: "side-by-side" }, inputs));
    expect([made.width, made.height]).toEqual([204, 30]);
    expect([made.at(99, 0), made.at(100, 0), made.at(103, 29), made.at(104, 29)]).toEqual([
      [255, 0, 0, 255],
      [255, 255, 255, 255],
      [255, 255, 255, 255],
      [0, 0, 255, 255],
    ]);
  });

  it("shows the difference, black where nothing differs", async () => {
    const inputs = {
      before: await bench.draw(256, 1, (x) => [x, 10, 20]),
      after: await bench.draw(256, 1, (x) => [x, 13, 20 + Math.floor(x / 2)]),
    };
    const made = await bench.decode(
      await bench.run("compare", { view: "difference", gain: 5 }, inputs),
    );
    for (let x = 0; x < 256; x += 1) {
      expect(made.at(x, 0)).toEqual([0, 15, Math.min(255, 5 * Math.floor(x / 2)), 255]);
    }
  });
});
