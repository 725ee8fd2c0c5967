import type { Value } from "@heddle/core";
import type { OpContext } from "../op.ts";

/** Stores a LoRA file; its content type is the one that uploads of such files get. */
export async function saveLora(
  { blobs, signal }: Pick<OpContext, "blobs" | "signal">,
  bytes: Uint8Array,
): Promise<Value> {
  signal.throwIfAborted();
  const blob = await blobs.put(bytes);
  return { media: "lora", artifact: { ...blob, contentType: "application/octet-stream" } };
}
