import type { Api } from "../api.ts";
import type { JsonLimits } from "../http/read-body.ts";

/** Room for pictures as data URIs beside the document; larger files are uploaded first. */
const inlineFileBytes = 32 * 1024 * 1024;
/** `{document: …}` or `{input: {name: …}}` around what the depth limit is about. */
const wrapping = 3;

export function jsonBodyLimits({ limits }: Api): JsonLimits {
  return {
    maxBytes: limits.documentBytes + inlineFileBytes,
    maxDepth: limits.jsonDepth + wrapping,
  };
}
