/** 8-bit interleaved pixels. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * Resizes as Pillow's BICUBIC does: Keys' cubic (a = -0.5), widened when reducing, weights renormalised
 * at the edges, rows first, 8 bits in between. The usual yardstick of papers on super-resolution.
 */
export function resizeBicubic(
  pixels: Pixels,
  size: { readonly width: number; readonly height: number },
): Pixels {
  return transpose(resizeRows(transpose(resizeRows(pixels, size.width)), size.height));
}

function resizeRows(source: Pixels, width: number): Pixels {
  const { height, channels } = source;
  const data = new Uint8Array(width * height * channels);
  for (let x = 0; x < width; x += 1) {
    const { first, weights } = taps(x, source.width, source.width / width);
    for (let y = 0; y < height; y += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0.5;
        let from = (y * source.width + first) * channels + channel;
        for (const weight of weights) {
          sum += weight * (source.data[from] ?? 0);
          from += channels;
        }
        data[(y * width + x) * channels + channel] = Math.min(255, Math.max(0, sum));
      }
    }
  }
  return { data, width, height, channels };
}

/** Which source pixels make output pixel `at`, and how much of each. */
function taps(at: number, length: number, ratio: number): { first: number; weights: number[] } {
  const widening = Math.max(1, ratio);
  const centre = (at + 0.5) * ratio;
  const first = Math.max(0, Math.trunc(centre - 2 * widening + 0.5));
  const last = Math.min(length, Math.trunc(centre + 2 * widening + 0.5));
  const weights = Array.from({ length: last - first }, (_, index) =>
    keysCubic(Math.abs(first + index + 0.5 - centre) / widening),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function keysCubic(distance: number): number {
  const a = -0.5;
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return a * (((distance - 5) * distance + 8) * distance - 4);
  return 0;
}

function transpose({ data, width, height, channels }: Pixels): Pixels {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        turned[(x * height + y) * channels + channel] =
          data[(y * width + x) * channels + channel] ?? 0;
      }
    }
  }
  return { data: turned, width: height, height: width, channels };
}
