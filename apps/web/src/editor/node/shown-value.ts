import type { LinkedValue } from "@heddle/api";
import type { NodeType } from "@heddle/core";
import type { NodeResult } from "../state/run-state.ts";

/** What a node shows of its result: its first output. */
export function shownValue(
  type: NodeType | undefined,
  result: NodeResult | null,
): LinkedValue | undefined {
  const name = type?.outputs[0]?.name;
  return result === null || name === undefined ? undefined : result.outputs[name];
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
