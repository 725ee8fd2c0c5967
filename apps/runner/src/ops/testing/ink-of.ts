import type { DecodedPicture } from "./op-bench.ts";

/** Bounds of every pixel that is not `background`, or null. */
export function inkOf(picture: DecodedPicture, background: readonly number[]) {
  const found: [number, number][] = [];
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1) {
      const pixel = picture.at(x, y);
      if (background.some((value, channel) => Math.abs((pixel[channel] ?? 0) - value) > 2))
        found.push([x, y]);
    }
  }
  if (found.length === 0) return null;
  const across = found.map(([x]) => x);
  const down = found.map(([, y]) => y);
  return {
    left: Math.min(...across),
    right: Math.max(...across),
    top: Math.min(...down),
    bottom: Math.max(...down),
    count: found.length,
  };
}
