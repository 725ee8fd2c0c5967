import type { Document, Position } from "@heddle/core";

/** About the size of a node with its title and facts, and the gap that the mock asks for. CSS pixels. */
const taken = { width: 208, height: 264 };
const gap = 56;

/** Where a node goes that nobody placed: right of what is selected, else at `wanted`; never on top of another. */
export function freePlace(
  document: Document,
  selection: ReadonlySet<string>,
  wanted: Position,
): Position {
  const chosen = [...selection].flatMap((id) => document.nodes[id] ?? []);
  const last = chosen.toSorted((a, b) => b.position.x - a.position.x)[0];
  const place =
    last === undefined
      ? { ...wanted }
      : { x: last.position.x + taken.width + gap, y: last.position.y };
  const others = Object.values(document.nodes).map(({ position }) => position);
  while (others.some((other) => overlaps(other, place))) place.x += taken.width + gap;
  return place;
}

function overlaps(a: Position, b: Position): boolean {
  return Math.abs(a.x - b.x) < taken.width && Math.abs(a.y - b.y) < taken.height;
}
