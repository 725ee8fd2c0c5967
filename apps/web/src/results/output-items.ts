import type { LinkedValue, OutputItem } from "@heddle/api";

/** The items of a value, one unless it is a list, in the form that the public API gives them. */
export function outputItems(value: LinkedValue): readonly OutputItem[] {
  const items = value.media === "list" ? value.items : [value];
  return items.map((item) => ("artifact" in item ? { media: item.media, ...item.artifact } : item));
}

/** Values of a stored run, by the names of its outputs. */
export function outputItemsByName(
  values: Readonly<Record<string, LinkedValue>>,
): Readonly<Record<string, readonly OutputItem[]>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, outputItems(value)]),
  );
}

/** What stands for several values where there is place for one: a picture, else a film, else what comes first. */
export function coverItem(
  values: Readonly<Record<string, LinkedValue>> | null,
): OutputItem | undefined {
  const items = Object.values(values ?? {}).flatMap(outputItems);
  return (
    items.find(({ media }) => media === "image") ??
    items.find(({ media }) => media === "video") ??
    items[0]
  );
}
