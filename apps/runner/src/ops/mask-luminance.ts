import { maskLuminance } from "@heddle/catalog";
import { defineOp } from "./define-op.ts";
import { toPixels } from "./picture/pixels.ts";
import { readPicture } from "./picture/read-picture.ts";
import { fallOff, saveMask } from "./picture/save-mask.ts";
import { decoding } from "./picture/save-picture.ts";

/** Selects by luma: the weighted sum of the sRGB values with the coefficients of ITU-R BT.709, 0–100. */
export const maskLuminanceOp = defineOp(maskLuminance, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const pixels = await decoding([picture], () => toPixels(picture.open()));
  const { from, to, softness, feather, invert } = input;
  const fit = (r: number, g: number, b: number): number => {
    const luma = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 2.55;
    const outside = luma < from ? from - luma : Math.max(0, luma - to);
    // A quarter of one grey level, so that rounding never decides.
    return fallOff(outside, 0.1, softness);
  };
  return { mask: await saveMask(context, { picture, pixels }, { fit, feather, invert }) };
});
