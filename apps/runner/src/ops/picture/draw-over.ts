import type { Pixels } from "./pixels.ts";

/** Lays `upper` over `lower` in place, its upper left corner at `left`, `top`; what does not fit is cut off. */
export function drawOver(
  lower: Pixels,
  upper: Pixels,
  { left, top }: { readonly left: number; readonly top: number },
): void {
  const firstRow = Math.max(0, -top);
  const lastRow = Math.min(upper.height, lower.height - top);
  const first = Math.max(0, -left);
  const last = Math.min(upper.width, lower.width - left);
  for (let row = firstRow; row < lastRow; row += 1) {
    const from = row * upper.width;
    const to = (row + top) * lower.width + left;
    for (let column = first; column < last; column += 1) {
      drawPixel(lower.data, (to + column) * 4, { data: upper.data, at: (from + column) * 4 });
    }
  }
}

/** Porter and Duff's "over" with straight alpha, 8 bits. */
function drawPixel(
  lower: Uint8Array,
  at: number,
  upper: { readonly data: Uint8Array; readonly at: number },
): void {
  const { data } = upper;
  const alpha = data[upper.at + 3] ?? 0;
  if (alpha === 0) return;
  const below = ((lower[at + 3] ?? 0) * (255 - alpha)) / 255;
  const whole = alpha + below;
  for (let channel = 0; channel < 3; channel += 1) {
    const own = data[upper.at + channel] ?? 0;
    const under = lower[at + channel] ?? 0;
    lower[at + channel] = Math.floor((own * alpha + under * below) / whole + 0.5);
  }
  lower[at + 3] = Math.floor(whole + 0.5);
}
