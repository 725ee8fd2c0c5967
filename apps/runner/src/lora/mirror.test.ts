import { expect, it } from "vitest";
import { mirror } from "./mirror.ts";

const pixels = Uint8Array.from({ length: 3 * 3 * 3 }, (_, at) => at);

it("turns every row around, pixel by pixel, and twice is as before", () => {
  const picture = { pixels, caption: "" };
  const { pixels: mirrored } = mirror(picture);
  expect([...mirrored.subarray(0, 9)]).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  expect(mirror(mirror(picture))).toEqual(picture);
});

it("puts the sides of the caption right, and leaves its other words alone", () => {
  const { caption } = mirror({
    pixels,
    caption: "A boat on the Left, leftover nets, a tree to the right",
  });
  expect(caption).toBe("A boat on the right, leftover nets, a tree to the left");
});
