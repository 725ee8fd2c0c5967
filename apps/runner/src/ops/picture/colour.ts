/** 0–255 each */
export interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

/** Reads `#rrggbb` or `#rrggbbaa`; the catalog has checked its form. */
export function readColour(colour: string): Rgba {
  const byte = (index: number): number => Number.parseInt(colour.slice(index, index + 2), 16);
  return { r: byte(1), g: byte(3), b: byte(5), a: colour.length > 7 ? byte(7) : 255 };
}

/** As sharp takes it: alpha from 0 to 1. */
export function toBackground({ r, g, b, a }: Rgba): {
  r: number;
  g: number;
  b: number;
  alpha: number;
} {
  return { r, g, b, alpha: a / 255 };
}
