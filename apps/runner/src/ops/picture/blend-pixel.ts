import { toByte } from "./pixels.ts";

/** One channel, 0 to 1 each: what lies below, and what is laid over it. */
export type BlendFunction = (below: number, above: number) => number;

/** W3C Compositing and Blending 1, section 9.1. */
export const blendFunctions = {
  normal: (_below, above) => above,
  multiply: (below, above) => below * above,
  screen,
  overlay: (below, above) => hardLight(above, below),
  "soft-light": softLight,
  "hard-light": hardLight,
  darken: Math.min,
  lighten: Math.max,
  difference: (below, above) => Math.abs(below - above),
} as const satisfies Record<string, BlendFunction>;

/**
 * Blends one RGBA pixel of `upper` into the same place of `lower` (straight alpha), by the general formula of section 9
 * there. libvips' own blend modes differ from it where the upper picture is half transparent.
 */
export function blendPixel(
  lower: Uint8Array,
  upper: Uint8Array,
  { at, mix }: { readonly at: number; readonly mix: BlendFunction },
): void {
  const above = (upper[at + 3] ?? 0) / 255;
  if (above === 0) return;
  const below = (lower[at + 3] ?? 0) / 255;
  const alpha = above + below - above * below;
  for (let channel = at; channel < at + 3; channel += 1) {
    const b = (lower[channel] ?? 0) / 255;
    const s = (upper[channel] ?? 0) / 255;
    const source = (1 - below) * s + below * mix(b, s);
    lower[channel] = toByte((((1 - above) * below * b + above * source) / alpha) * 255);
  }
  lower[at + 3] = toByte(alpha * 255);
}

function screen(below: number, above: number): number {
  return below + above - below * above;
}

function hardLight(below: number, above: number): number {
  return above <= 0.5 ? below * 2 * above : screen(below, 2 * above - 1);
}

function softLight(below: number, above: number): number {
  if (above <= 0.5) return below - (1 - 2 * above) * below * (1 - below);
  const curve = below <= 0.25 ? ((16 * below - 12) * below + 4) * below : Math.sqrt(below);
  return below + (2 * above - 1) * (curve - below);
}
