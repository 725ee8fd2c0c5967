import type { Anchor } from "@heddle/catalog";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the upper left corner of `inner` lies when it is anchored inside `outer`, `margin` pixels from the edges. */
export function placeAt(
  anchor: Anchor,
  outer: Size,
  { width, height, margin = 0 }: Size & { readonly margin?: number },
): { left: number; top: number } {
  const right = outer.width - width - margin;
  const bottom = outer.height - height - margin;
  return {
    left: anchor.includes("left")
      ? margin
      : anchor.includes("right")
        ? right
        : Math.floor((outer.width - width) / 2),
    top: anchor.includes("top")
      ? margin
      : anchor.includes("bottom")
        ? bottom
        : Math.floor((outer.height - height) / 2),
  };
}
