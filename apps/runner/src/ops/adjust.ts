import { adjust } from "@heddle/catalog";
import { defineOp } from "./define-op.ts";
import { fromPixels, inTurns, toByte, toPixels } from "./picture/pixels.ts";
import { readPicture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

/**
 * Brightness, contrast, saturation and hue as CSS defines them (W3C Filter Effects 1, sections 8 and 13), in this order
 * and as one affine map of sRGB values, so that nothing is clipped between the four.
 */
export const adjustOp = defineOp(adjust, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const pixels = await decoding([picture], () => toPixels(picture.open()));
  const { matrix, offset } = colourMap(input);
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = matrix;
  const { data } = pixels;
  await inTurns(pixels.width * pixels.height, context.signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) {
      const r = data[at] ?? 0;
      const g = data[at + 1] ?? 0;
      const b = data[at + 2] ?? 0;
      data[at] = toByte(rr * r + rg * g + rb * b + offset);
      data[at + 1] = toByte(gr * r + gg * g + gb * b + offset);
      data[at + 2] = toByte(br * r + bg * g + bb * b + offset);
    }
  });
  return { image: await savePicture(context, fromPixels(pixels, picture.hasAlpha), [picture]) };
});

/** Rows for red, green and blue. */
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

interface Adjustment {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
}

/** `out = matrix × in + offset`, in 0–255. The rows of both matrices sum to 1, so grey offsets pass through unchanged. */
function colourMap(input: Adjustment): { readonly matrix: Matrix; readonly offset: number } {
  const contrast = 1 + input.contrast / 100;
  const gain = (1 + input.brightness / 100) * contrast;
  const turned = multiply(hueMatrix(input.hue), saturationMatrix(1 + input.saturation / 100));
  const [a, b, c, d, e, f, g, h, i] = turned;
  const matrix: Matrix = [
    a * gain,
    b * gain,
    c * gain,
    d * gain,
    e * gain,
    f * gain,
    g * gain,
    h * gain,
    i * gain,
  ];
  return { matrix, offset: 127.5 * (1 - contrast) };
}

/** `saturate()`, with the luminance coefficients of the specification. */
function saturationMatrix(s: number): Matrix {
  return [
    0.213 + 0.787 * s,
    0.715 - 0.715 * s,
    0.072 - 0.072 * s,
    0.213 - 0.213 * s,
    0.715 + 0.285 * s,
    0.072 - 0.072 * s,
    0.213 - 0.213 * s,
    0.715 - 0.715 * s,
    0.072 + 0.928 * s,
  ];
}

/** `hue-rotate()`. */
function hueMatrix(degrees: number): Matrix {
  const c = Math.cos((degrees * Math.PI) / 180);
  const s = Math.sin((degrees * Math.PI) / 180);
  return [
    0.213 + c * 0.787 - s * 0.213,
    0.715 - c * 0.715 - s * 0.715,
    0.072 - c * 0.072 + s * 0.928,
    0.213 - c * 0.213 + s * 0.143,
    0.715 + c * 0.285 + s * 0.14,
    0.072 - c * 0.072 - s * 0.283,
    0.213 - c * 0.213 - s * 0.787,
    0.715 - c * 0.715 + s * 0.715,
    0.072 + c * 0.928 + s * 0.072,
  ];
}

function multiply(left: Matrix, right: Matrix): Matrix {
  const [a, b, c, d, e, f, g, h, i] = left;
  const [j, k, l, m, n, o, p, q, r] = right;
  return [
    a * j + b * m + c * p,
    a * k + b * n + c * q,
    a * l + b * o + c * r,
    d * j + e * m + f * p,
    d * k + e * n + f * q,
    d * l + e * o + f * r,
    g * j + h * m + i * p,
    g * k + h * n + i * q,
    g * l + h * o + i * r,
  ];
}
