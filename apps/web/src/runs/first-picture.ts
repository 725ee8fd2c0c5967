import type { LinkedValue } from "@heddle/api";

/** The link of the first picture among some values, or null. */
export function firstPicture(values: Readonly<Record<string, LinkedValue>> | null): string | null {
  for (const value of Object.values(values ?? {})) {
    const items = value.media === "list" ? value.items : [value];
    for (const item of items) if (item.media === "image") return item.artifact.url;
  }
  return null;
}
