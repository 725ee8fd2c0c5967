import sharp from "sharp";
import { toPixels, type Pixels } from "../picture/pixels.ts";
import type { Rgba } from "../picture/colour.ts";

/** Pixels of a picture: `right` and `bottom` are just outside. Whole numbers. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Draws SVG elements made here (never a file of a user), in the coordinates of the picture that the region is part of. */
export function drawSvg(region: Region, elements: string): Promise<Pixels> {
  const width = region.right - region.left;
  const height = region.bottom - region.top;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${region.left} ${region.top} ${width} ${height}">${elements}</svg>`;
  return toPixels(sharp(Buffer.from(svg), { limitInputPixels: false, unlimited: true }));
}

/** `fill` and `fill-opacity` of a colour. */
export function fillOf({ r, g, b, a }: Rgba): string {
  return `fill="rgb(${r},${g},${b})" fill-opacity="${(a / 255).toFixed(4)}"`;
}
