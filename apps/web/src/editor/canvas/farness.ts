export type Farness = "here" | "near" | "far";

/** Thresholds of the zoom, not the zoom itself: who selects this renders again only when one is crossed. */
export function farness({
  transform,
}: {
  readonly transform: readonly [number, number, number];
}): Farness {
  return transform[2] < 0.3 ? "far" : transform[2] < 0.6 ? "near" : "here";
}

/** So far away that a node is its picture and nothing else. */
export function isFar(state: { readonly transform: readonly [number, number, number] }): boolean {
  return farness(state) === "far";
}
