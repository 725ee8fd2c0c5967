import type { Json } from "@heddle/core";

/** A parameter as text to edit: a list has one item on each line. */
export function jsonWords(json: Json | undefined): string {
  if (Array.isArray(json)) return json.map(jsonWords).join("\n");
  return typeof json === "string" || typeof json === "number" ? String(json) : "";
}
