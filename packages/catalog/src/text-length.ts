import { defaultLimits, type EvaluateResult } from "@heddle/core";
import { refuses } from "./values.ts";

/**
 * The refusal of a text that would be longer than any text may be; null when it fits. Asked before the text is made:
 * a thousand placeholders of 100,000 characters each would take all memory.
 */
export function tooLongText(length: number): EvaluateResult | null {
  const limit = defaultLimits.textLength;
  if (length <= limit) return null;
  return refuses(`The text would have ${length} characters; the limit is ${limit}.`);
}
