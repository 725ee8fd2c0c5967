import { maskColour } from "@heddle/catalog";
import { defineOp } from "./define-op.ts";
import { readColour } from "./picture/colour.ts";
import { toPixels } from "./picture/pixels.ts";
import { readPicture } from "./picture/read-picture.ts";
import { fallOff, saveMask } from "./picture/save-mask.ts";
import { decoding } from "./picture/save-picture.ts";

/** Selects by distance in Oklab (Ottosson 2020), in percent of the distance from black to white, which is 1 there. */
export const maskColourOp = defineOp(maskColour, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const pixels = await decoding([picture], () => toPixels(picture.open()));
  const { r, g, b } = readColour(input.colour);
  const wanted = toOklab(r, g, b);
  const { tolerance, softness, feather, invert } = input;
  const fit = (red: number, green: number, blue: number): number => {
    const found = toOklab(red, green, blue);
    const distance = Math.hypot(found[0] - wanted[0], found[1] - wanted[1], found[2] - wanted[2]);
    return fallOff(distance * 100, tolerance, softness);
  };
  return { mask: await saveMask(context, { picture, pixels }, { fit, feather, invert }) };
});

/** Linear light of an 8-bit sRGB value (IEC 61966-2-1). */
const linear = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

function toOklab(red: number, green: number, blue: number): readonly [number, number, number] {
  const r = linear[red] ?? 0;
  const g = linear[green] ?? 0;
  const b = linear[blue] ?? 0;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
