import type { Pixels } from "./bicubic.ts";

/** Pixels left out at each edge, as is usual: one pixel of the small picture. */
const border = 4;

export interface Psnr {
  /** Over the three colours, in dB. */
  readonly rgb: number;
  /** Over BT.601 luma in studio range, in dB: what papers call Y. */
  readonly luma: number;
}

/** Peak signal-to-noise ratio of two RGB pictures of one size. */
export function measurePsnr(first: Pixels, second: Pixels): Psnr {
  let rgb = 0;
  let luma = 0;
  let count = 0;
  for (let y = border; y < first.height - border; y += 1) {
    for (let x = border; x < first.width - border; x += 1) {
      const at = (y * first.width + x) * 3;
      const red = (first.data[at] ?? 0) - (second.data[at] ?? 0);
      const green = (first.data[at + 1] ?? 0) - (second.data[at + 1] ?? 0);
      const blue = (first.data[at + 2] ?? 0) - (second.data[at + 2] ?? 0);
      rgb += red * red + green * green + blue * blue;
      luma += ((65.481 * red + 128.553 * green + 24.966 * blue) / 255) ** 2;
      count += 1;
    }
  }
  return { rgb: decibels(rgb / (3 * count)), luma: decibels(luma / count) };
}

function decibels(squaredError: number): number {
  return 10 * Math.log10(255 ** 2 / squaredError);
}
