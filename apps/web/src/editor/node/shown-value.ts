import type { LinkedValue } from "@heddle/api";
import type { NodeType } from "@heddle/core";
import type { NodeResult } from "../state/run-state.ts";

/** What a node shows of its result: its first output that has something to look at, else its first. */
export function shownValue(
  type: NodeType | undefined,
  result: NodeResult | null,
): LinkedValue | undefined {
  if (result === null || type === undefined) return undefined;
  const values = type.outputs.map(({ name }) => result.outputs[name]);
  return values.find(isSeen) ?? values[0];
}

function isSeen(value: LinkedValue | undefined): boolean {
  const first = value?.media === "list" ? value.items[0] : value;
  return first?.media === "image" || first?.media === "video";
}

/** A result as plain words. */
export function valueWords(value: LinkedValue): string {
  switch (value.media) {
    case "text":
      return value.text;
    case "number":
      return String(Number(value.number.toPrecision(6)));
    case "list":
      return value.items.map(valueWords).join(value.of === "number" ? ", " : "\n");
    case "image":
    case "video":
    case "lora":
      return "";
  }
}
