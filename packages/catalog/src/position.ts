import { z } from "zod";

/** Which item of a list: 1 is the first, -1 the last. */
export function positionParam() {
  return z
    .int()
    .min(-1_000)
    .max(1_000)
    .default(1)
    .refine((position) => position !== 0, "must not be 0: 1 is the first item, -1 the last")
    .meta({
      label: "Position",
      help: "1 is the first, 2 the second; -1 is the last.",
      widget: "number",
      pinned: true,
    });
}

/** The item, or undefined when the list is too short. */
export function itemAt<Item>(items: readonly Item[], position: number): Item | undefined {
  return items.at(position > 0 ? position - 1 : position);
}

export function noSuchItem(position: number, count: number): string {
  if (count === 0) return "The list is empty: there is nothing to pick.";
  return `There is no item ${position}: the list has ${count} ${count === 1 ? "item" : "items"}.`;
}
