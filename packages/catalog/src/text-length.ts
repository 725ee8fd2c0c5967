import { defaultLimits, type EvaluateResult } from "@heddle/core";
import { refuses } from "./values.ts";

/** The refusal when a made text is longer than any text may be; null when it fits. */
export function tooLongText(text: string): EvaluateResult | null {
  const limit = defaultLimits.textLength;
  if (text.length <= limit) return null;
  return refuses(`The text would have ${text.length} characters; the limit is ${limit}.`);
}
