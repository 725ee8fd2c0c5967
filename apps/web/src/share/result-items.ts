import type { LinkedValue, OutputItem } from "@heddle/api";
import { itemsOf } from "../runs/output-values.tsx";

/** Values of a stored run in the form that the public API gives them. */
export function fromLinkedValues(
  values: Readonly<Record<string, LinkedValue>>,
): Readonly<Record<string, readonly OutputItem[]>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, itemsOf(value).map(toOutputItem)]),
  );
}

function toOutputItem(item: ReturnType<typeof itemsOf>[number]): OutputItem {
  return "artifact" in item ? { media: item.media, ...item.artifact } : item;
}
