import type { Picture } from "./picture.ts";

/**
 * Gives fully transparent pixels the colour of the nearest visible one, up to `reach` pixels away.
 *
 * What lies under full transparency is arbitrary, usually black. The network would mix it into the
 * edge of the visible part, as a dark fringe. Returns the picture itself when nothing is transparent.
 */
export function spreadEdgeColours(picture: Picture, reach: number): Picture {
  if (picture.channels === 3) return picture;
  const count = picture.width * picture.height;
  const distance = new Uint8Array(count);
  let hidden = 0;
  for (let pixel = 0; pixel < count; pixel += 1) {
    if (picture.pixels[pixel * 4 + 3] !== 0) continue;
    distance[pixel] = unreached;
    hidden += 1;
  }
  if (hidden === 0 || hidden === count) return picture;
  const pixels = picture.pixels.slice();
  const grown = { ...picture, pixels };
  let front = edge(grown, distance);
  for (let step = 1; step <= Math.min(reach, unreached - 1) && front.length > 0; step += 1) {
    front = grow(grown, { distance, front, step });
  }
  return grown;
}

const unreached = 255;

/** Visible pixels that touch a hidden one. */
function edge(picture: Picture, distance: Uint8Array): number[] {
  const found: number[] = [];
  for (let pixel = 0; pixel < distance.length; pixel += 1) {
    if (distance[pixel] !== 0) continue;
    if (neighbours(pixel, picture).some((near) => distance[near] === unreached)) found.push(pixel);
  }
  return found;
}

function grow(
  picture: Picture,
  { distance, front, step }: { distance: Uint8Array; front: number[]; step: number },
): number[] {
  const next: number[] = [];
  for (const pixel of front) {
    for (const near of neighbours(pixel, picture)) {
      if (distance[near] !== unreached) continue;
      distance[near] = step;
      picture.pixels.copyWithin(near * 4, pixel * 4, pixel * 4 + 3);
      next.push(near);
    }
  }
  return next;
}

function neighbours(pixel: number, { width, height }: Picture): number[] {
  const column = pixel % width;
  const found: number[] = [];
  if (column > 0) found.push(pixel - 1);
  if (column < width - 1) found.push(pixel + 1);
  if (pixel >= width) found.push(pixel - width);
  if (pixel < width * (height - 1)) found.push(pixel + width);
  return found;
}
