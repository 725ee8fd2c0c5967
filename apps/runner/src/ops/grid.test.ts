import fc from "fast-check";
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

describe("grid", () => {
  const colourOf = (index: number): [number, number, number] => [
    index * 20,
    255 - index * 20,
    (index * 70) % 256,
  ];

  it("puts every picture into its own cell, row by row", async () => {
    const counts = fc.integer({ min: 1, max: 12 });
    await fc.assert(
      fc.asyncProperty(
        counts,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 9 }),
        async (count, columns, gap) => {
          const pictures = await Promise.all(
            Array.from({ length: count }, (_, index) =>
              bench.draw(20, 10, solid(...colourOf(index))),
            ),
          );
          const params = { columns, gap, cellWidth: 20, background: "#ffffff" };
          const made = await bench.decode(
            await bench.run("grid", params, { images: bench.list(pictures) }),
          );
          const across = Math.min(columns, count);
          const down = Math.ceil(count / across);
          expect([made.width, made.height]).toEqual([
            gap + across * (20 + gap),
            gap + down * (10 + gap),
          ]);
          for (let index = 0; index < count; index += 1) {
            const left = gap + (index % across) * (20 + gap);
            const top = gap + Math.floor(index / across) * (10 + gap);
            for (const [x, y] of [
              [0, 0],
              [19, 9],
            ] as const) {
              expect(made.at(left + x, top + y)).toEqual([...colourOf(index), 255]);
            }
          }
          if (gap > 0) expect(made.at(0, 0)).toEqual([255, 255, 255, 255]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("chooses columns that make the sheet about square", async () => {
    const tall = await Promise.all(Array.from({ length: 8 }, () => bench.draw(20, 40, red)));
    const made = await bench.run("grid", { cellWidth: 20, gap: 0 }, { images: bench.list(tall) });
    expect(made.artifact).toMatchObject({ width: 80, height: 80 });
  });

  it("shows pictures of other proportions whole, or fills their cell", async () => {
    const images = bench.list([await bench.draw(40, 40, red), await bench.draw(40, 10, blue)]);
    const params = { cellWidth: 40, gap: 0, columns: 2, background: "#00ff00" };
    const whole = await bench.decode(
      await bench.run("grid", { ...params, fit: "contain" }, { images }),
    );
    expect([whole.at(60, 20), whole.at(60, 2)]).toEqual([
      [0, 0, 255, 255],
      [0, 255, 0, 255],
    ]);
    const full = await bench.decode(
      await bench.run("grid", { ...params, fit: "cover" }, { images }),
    );
    expect(full.at(60, 2)).toEqual([0, 0, 255, 255]);
  });

  it("lays half transparent pixels over the background", async () => {
    const images = bench.list([await bench.draw(10, 10, solid(255, 0, 0, 128))]);
    const made = await bench.decode(
      await bench.run("grid", { cellWidth: 16, gap: 0, background: "#0000ff" }, { images }),
    );
    const [r, , b, a] = made.at(8, 8);
    expect([Math.abs(r - 128) < 2, Math.abs(b - 127) < 2, a]).toEqual([true, true, 255]);
  });

  it("writes each label under its cell, and cuts what is too long", async () => {
    const images = bench.list(await Promise.all([1, 2].map(() => bench.draw(100, 50, red))));
    const labels = bench.texts("Hi", "A label that is far too long for its cell by any measure");
    const params = {
      cellWidth: 100,
      gap: 10,
      columns: 2,
      background: "#ffffff",
      labelColour: "#000000",
      labelSize: 20,
    };
    const made = await bench.decode(await bench.run("grid", params, { images, labels }));
    expect([made.width, made.height]).toEqual([230, 10 + 50 + 32 + 10]);
    const strip = { ...made, at: (x: number, y: number) => made.at(x, y + 60), height: 42 };
    const short = inkOf({ ...strip, width: 115 }, [255, 255, 255]);
    const long = inkOf(
      { ...strip, at: (x, y) => strip.at(x + 115, y), width: 115 },
      [255, 255, 255],
    );
    // Centred under its picture: the cell runs from 10 to 110.
    expect(Math.abs(((short?.left ?? 0) + (short?.right ?? 0)) / 2 - 60)).toBeLessThan(2);
    expect(short?.right).toBeLessThan(80);
    expect(long?.left).toBeGreaterThanOrEqual(5);
    expect(long?.right).toBeLessThanOrEqual(105);
    expect(long?.right).toBeGreaterThan(80);
    expect(long?.bottom).toBeLessThanOrEqual(32);
  });

  it("says what is wrong with a list: empty, labels that do not match, a broken picture", async () => {
    const good = await bench.draw(4, 4, red);
    await expect(bench.run("grid", {}, { images: bench.list([]) })).rejects.toMatchObject({
      code: "list_empty",
      portId: "images",
    });
    await expect(
      bench.run("grid", {}, { images: bench.list([good]), labels: bench.texts("a", "b") }),
    ).rejects.toMatchObject({
      code: "labels_mismatch",
      portId: "labels",
      message: "There are 1 pictures but 2 labels; give one label for each picture.",
    });
    const broken = await bench.file(Buffer.from("<svg></svg>"));
    await expect(
      bench.run("grid", {}, { images: bench.list([good, broken]) }),
    ).rejects.toMatchObject({
      code: "image_unreadable",
      message: expect.stringContaining("Picture 2 of the list"),
    });
  });

  it("refuses a sheet beyond the limit before it draws anything", async () => {
    const pictures = await Promise.all(Array.from({ length: 9 }, () => bench.draw(4, 4, red)));
    await expect(
      bench.run("grid", { cellWidth: 4096, columns: 3 }, { images: bench.list(pictures) }),
    ).rejects.toMatchObject({
      code: "image_too_large",
      portId: "cellWidth",
    });
  });
});
