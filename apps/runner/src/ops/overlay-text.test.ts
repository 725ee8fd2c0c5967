import { describe, expect, it } from "vitest";
import type { Pixel } from "./testing/draw-pixels.ts";
import { inkOf } from "./testing/ink-of.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
const solid =
  (...colour: [number, number, number, number?]) =>
  (): Pixel =>
    colour;

describe("overlay-text", () => {
  const grey = solid(90, 90, 90);
  const write = async (params: Record<string, string | number>, width = 400, height = 300) =>
    bench.decode(
      await bench.run("overlay-text", params, { image: await bench.draw(width, height, grey) }),
    );

  it.each([
    ["top-left", "left", "top"],
    ["top", "centre", "top"],
    ["top-right", "right", "top"],
    ["left", "left", "centre"],
    ["centre", "centre", "centre"],
    ["right", "right", "centre"],
    ["bottom-left", "left", "bottom"],
    ["bottom", "centre", "bottom"],
    ["bottom-right", "right", "bottom"],
  ])("%s puts the words there, inside the margin", async (position, across, down) => {
    const ink = inkOf(await write({ text: "HH", position, size: 10, margin: 5 }), [90, 90, 90]);
    if (ink === null) throw new Error("nothing was written");
    // 5 % of the shorter side.
    expect(ink.left).toBeGreaterThanOrEqual(15);
    expect(ink.right).toBeLessThanOrEqual(384);
    expect(ink.top).toBeGreaterThanOrEqual(15);
    expect(ink.bottom).toBeLessThanOrEqual(284);
    const middle = (ink.left + ink.right) / 2;
    const expected = { left: middle < 60, centre: Math.abs(middle - 200) < 3, right: middle > 340 };
    expect(expected[across as "left"]).toBe(true);
    const height = (ink.top + ink.bottom) / 2;
    expect(
      { top: height < 50, centre: Math.abs(height - 150) < 8, bottom: height > 250 }[down as "top"],
    ).toBe(true);
  });

  it("writes capitals of the size that the font's measures give", async () => {
    // Geist's capitals are 710 of 1000 units high: 0.71 × 20 % of 300 = 42.6 pixels.
    const ink = inkOf(await write({ text: "H", size: 20, position: "centre" }), [90, 90, 90]);
    if (ink === null) throw new Error("nothing was written");
    expect(Math.abs(ink.bottom - ink.top + 1 - 42.6)).toBeLessThan(2);
  });

  it("wraps long lines between the margins, and sets smaller what would not fit", async () => {
    const text = "Many words that go on and on ".repeat(20);
    const ink = inkOf(
      await write({ text, size: 15, margin: 10, position: "centre" }),
      [90, 90, 90],
    );
    if (ink === null) throw new Error("nothing was written");
    expect(ink.left).toBeGreaterThanOrEqual(29);
    expect(ink.right).toBeLessThanOrEqual(370);
    expect(ink.top).toBeGreaterThanOrEqual(29);
    expect(ink.bottom).toBeLessThanOrEqual(270);
    expect(ink.count).toBeGreaterThan(5_000);
  });

  it("breaks a word that is longer than a line", async () => {
    const ink = inkOf(await write({ text: "W".repeat(200), size: 6 }), [90, 90, 90]);
    if (ink === null) throw new Error("nothing was written");
    expect(ink.left).toBeGreaterThanOrEqual(14);
    expect(ink.right).toBeLessThanOrEqual(385);
  });

  it("gives each line its own place", async () => {
    const one = inkOf(await write({ text: "H", size: 10, position: "top-left" }), [90, 90, 90]);
    const three = inkOf(
      await write({ text: "H\n\nH", size: 10, lineHeight: 1.5, position: "top-left" }),
      [90, 90, 90],
    );
    if (one === null || three === null) throw new Error("nothing was written");
    // Two line heights of 1.5 × 30 pixels further down.
    expect(Math.abs(three.bottom - three.top - (one.bottom - one.top) - 90)).toBeLessThanOrEqual(1);
  });

  it("draws a plate of the chosen colour behind the words, and a soft shadow", async () => {
    const plate = await write({
      text: "Hi",
      size: 20,
      backdrop: "plate",
      backdropColour: "#ff0000",
      position: "centre",
    });
    const bounds = inkOf(plate, [90, 90, 90]);
    if (bounds === null) throw new Error("nothing was written");
    expect(
      plate.at(bounds.left + 3, Math.round((bounds.top + bounds.bottom) / 2)).slice(0, 3),
    ).toEqual([255, 0, 0]);
    const bare = inkOf(await write({ text: "Hi", size: 20, position: "centre" }), [90, 90, 90]);
    const shadow = await write({ text: "Hi", size: 20, backdrop: "shadow", position: "centre" });
    expect(inkOf(shadow, [90, 90, 90])?.count).toBeGreaterThan((bare?.count ?? 0) * 1.3);
    const darkest = Math.min(
      ...Array.from({ length: 300 }, (_, y) =>
        Math.min(...Array.from({ length: 400 }, (_, x) => shadow.at(x, y)[0])),
      ),
    );
    expect(darkest).toBeLessThan(80);
  });

  it.each(["geist", "geist-mono", "dm-serif-display"])(
    "%s writes accents, figures and Cyrillic, in both weights",
    async (font) => {
      const text = "Árvíztűrő tükörfúrógép 0123 — „Привет“ €½";
      const regular = inkOf(await write({ text, font, weight: "regular", size: 8 }), [90, 90, 90]);
      const bold = inkOf(await write({ text, font, weight: "bold", size: 8 }), [90, 90, 90]);
      expect(regular?.count).toBeGreaterThan(800);
      expect(bold?.count).toBeGreaterThan(800);
    },
  );

  it("writes every part of a text, wherever its letters lie", async () => {
    // Two lines of the same letters have the same ink, also at coordinates around 0.
    for (const position of ["top-left", "top-right", "bottom"]) {
      const made = await write({
        text: "days, over\ndays, over",
        font: "geist-mono",
        size: 9.03,
        margin: 0.07,
        position,
      });
      const halves = [0, 1].map((half) => {
        const bounds = inkOf(made, [90, 90, 90]);
        if (bounds === null) throw new Error("nothing was written");
        const middle = Math.floor((bounds.top + bounds.bottom) / 2);
        const [from, to] = half === 0 ? [0, middle] : [middle, made.height];
        return (
          inkOf({ ...made, at: (x, y) => made.at(x, y + from), height: to - from }, [90, 90, 90])
            ?.count ?? 0
        );
      });
      expect(Math.abs((halves[0] ?? 0) / (halves[1] ?? 1) - 1)).toBeLessThan(0.15);
    }
  });

  it("leaves the picture as it is when there is nothing to write", async () => {
    const made = await write({ text: "  \n " });
    expect(inkOf(made, [90, 90, 90])).toBeNull();
  });

  it("writes into pictures of any size, down to a single pixel", async () => {
    for (const [width, height] of [
      [1, 1],
      [1, 300],
      [300, 1],
      [7, 5],
    ] as const) {
      const made = await write(
        { text: "Hello world", size: 100, margin: 45, backdrop: "plate" },
        width,
        height,
      );
      expect([made.width, made.height]).toEqual([width, height]);
    }
  });

  it("names the characters that no bundled font has, and writes none of them as a box", async () => {
    await expect(write({ text: "Tokyo 東京 🙂🙂" })).rejects.toMatchObject({
      code: "text_unsupported",
      portId: "text",
      message: expect.stringMatching(/cannot write 東 京 🙂\./),
    });
  });

  it("takes text as text: no markup, no entity, no path gets through", async () => {
    const nasty = `</svg><image href="file:///etc/passwd"/>&amp;<script>`;
    const ink = inkOf(await write({ text: nasty, size: 5 }), [90, 90, 90]);
    expect(ink?.count).toBeGreaterThan(300);
  });

  it("keeps alpha: words on nothing are visible, nothing stays nothing", async () => {
    const image = await bench.draw(100, 50, solid(0, 0, 0, 0));
    const made = await bench.decode(
      await bench.run("overlay-text", { text: "H", size: 60, position: "centre" }, { image }),
    );
    expect(made.at(0, 0)[3]).toBe(0);
    expect(inkOf(made, [0, 0, 0, 0])?.count).toBeGreaterThan(100);
  });
});
