import type {
  ArtifactRef,
  EvaluateResult,
  ListValue,
  MediaType,
  ScalarValue,
  Value,
} from "@heddle/core";

export function textValue(text: string): Value & ScalarValue {
  return { media: "text", text };
}

export function numberValue(number: number): Value & ScalarValue {
  return { media: "number", number };
}

export function fileValue(
  media: "image" | "video" | "lora",
  artifact: ArtifactRef,
): Value & ScalarValue {
  return { media, artifact };
}

export function listValue(of: MediaType, items: readonly ScalarValue[]): ListValue {
  return { media: "list", of, items: [...items] };
}

/** The result of an `evaluate` that worked. */
export function gives(outputs: Readonly<Record<string, Value>>): EvaluateResult {
  return { ok: true, outputs };
}

/** The result of an `evaluate` that cannot work with what it got. */
export function refuses(message: string, portId?: string): EvaluateResult {
  return { ok: false, error: portId === undefined ? { message } : { portId, message } };
}
