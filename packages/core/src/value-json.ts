import type { Json } from "./json.ts";
import {
  artifactRefSchema,
  type ArtifactRef,
  type PortType,
  type ScalarValue,
  type Value,
} from "./media.ts";

/** A value as a parameter holds it: a text, a number, a file, or an array of them. */
export function valueToJson(value: Value): Json {
  switch (value.media) {
    case "text":
      return value.text;
    case "number":
      return value.number;
    case "list":
      return value.items.map(valueToJson);
    case "image":
    case "video":
    case "lora":
      return artifactToJson(value.artifact);
  }
}

/**
 * A parameter's JSON as a value of `type`; null when it is none. One item stands for a list of one, and a number
 * may come as text (`"42"`), because forms and command lines know only text.
 */
export function jsonToValue(json: Json, type: PortType): Value | null {
  if (!type.list) return toScalar(json, type.media);
  if (type.media === "any") return null;
  const items = (Array.isArray(json) ? json : [json]).map((item) => toScalar(item, type.media));
  const found = items.filter((item) => item !== null);
  return found.length === items.length ? { media: "list", of: type.media, items: found } : null;
}

function toScalar(json: Json, media: PortType["media"]): ScalarValue | null {
  switch (media) {
    case "text":
      return typeof json === "string" ? { media, text: json } : null;
    case "number": {
      const number = toNumber(json);
      return number === null ? null : { media, number };
    }
    case "image":
    case "video":
    case "lora": {
      const file = artifactRefSchema.safeParse(json);
      return file.success ? { media, artifact: file.data } : null;
    }
    case "any":
      return typeof json === "number" ? toScalar(json, "number") : toScalar(json, "text");
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(json: Json): number | null {
  const number = typeof json === "string" && decimal.test(json.trim()) ? Number(json) : json;
  if (typeof number !== "number" || !Number.isFinite(number)) return null;
  return number === 0 ? 0 : number;
}

function artifactToJson(artifact: ArtifactRef): Json {
  const { sha256, contentType, sizeBytes, width, height, durationMs } = artifact;
  return {
    sha256,
    contentType,
    sizeBytes,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(durationMs !== undefined && { durationMs }),
  };
}
