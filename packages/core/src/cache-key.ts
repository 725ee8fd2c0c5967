import { canonicalJson, type Canonical } from "./canonical-json.ts";
import type { Json } from "./json.ts";
import { artifactRefSchema, type Value } from "./media.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** Everything that decides a step's result, and nothing else. */
export interface CacheKeySource {
  /** The op; for an `evaluate` step the node type. */
  readonly op: string;
  /** Version of the node type: raised whenever the same inputs would give another result. */
  readonly version: number;
  readonly model?: { readonly sha256: string } | undefined;
  /** With defaults filled in. */
  readonly params: Readonly<Record<string, Json>>;
  readonly inputs: Readonly<Record<string, Value>>;
  /** What arithmetic the result comes from, where devices differ: `cuda-fp16`. Absent: every device gives the same bytes. */
  readonly numericClass?: string | undefined;
}

/**
 * The name of a step's result: equal key, equal result. 64 lower-case hex digits of SHA-256 over canonical JSON.
 * Files count by the SHA-256 of their bytes alone; node ids, positions, titles and key order do not count at all.
 */
export function cacheKey(source: CacheKeySource): string {
  const inputs = Object.entries(source.inputs).map(([name, value]) => [name, byContent(value)]);
  const params = Object.entries(source.params).map(([name, json]) => [name, fileByContent(json)]);
  return sha256Hex(
    canonicalJson({
      heddle: 1,
      op: source.op,
      version: source.version,
      model: source.model?.sha256,
      numericClass: source.numericClass,
      params: Object.fromEntries(params),
      inputs: Object.fromEntries(inputs),
    }),
  );
}

function byContent(value: Value): Canonical {
  switch (value.media) {
    case "list":
      return { list: value.of, items: value.items.map(byContent) };
    case "text":
      return { text: value.text };
    case "number":
      return { number: value.number };
    case "image":
    case "video":
    case "lora":
      return { [value.media]: value.artifact.sha256 };
  }
}

/** A file chosen in a parameter is named by its bytes too; anything else counts as it is. */
function fileByContent(json: Json): Canonical {
  if (Array.isArray(json)) return json.map(fileByContent);
  if (json === null || typeof json !== "object" || !("sha256" in json)) return json;
  const file = artifactRefSchema.safeParse(json);
  return file.success ? { file: file.data.sha256 } : json;
}
