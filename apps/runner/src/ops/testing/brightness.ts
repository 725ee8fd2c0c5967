import type { DecodedPicture } from "./op-bench.ts";

/** Left, top, right and bottom in fractions of the picture. */
export type Part = readonly [number, number, number, number];

/** Mean brightness of a part, 0–255. */
export function brightness(
  { width, height, at }: DecodedPicture,
  [x0, y0, x1, y1]: Part = [0, 0, 1, 1],
): number {
  let sum = 0;
  let count = 0;
  for (let y = Math.floor(y0 * height); y < y1 * height; y += 3) {
    for (let x = Math.floor(x0 * width); x < x1 * width; x += 3) {
      const [r, g, b] = at(x, y);
      sum += (r + g + b) / 3;
      count += 1;
    }
  }
  return sum / count;
}
