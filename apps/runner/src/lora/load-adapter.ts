import type { ArtifactRef } from "@heddle/core";
import { BlobMissing } from "@heddle/infra";
import { OpError, type OpContext } from "../op.ts";
import { largestAdapterBytes } from "./adapter.ts";
import { describeTooLarge, readAdapter, type AdapterFile } from "./read-adapter.ts";

/** Reads a stored LoRA; its size is checked before its bytes are fetched. Throws as `readAdapter` does. */
export async function loadAdapter(
  { blobs }: Pick<OpContext, "blobs">,
  { sha256 }: ArtifactRef,
  portId: string,
): Promise<AdapterFile> {
  const found = await blobs.head(sha256);
  if (found === null) throw new BlobMissing(sha256);
  if (found.sizeBytes > largestAdapterBytes)
    throw new OpError("lora_too_large", describeTooLarge(found.sizeBytes), portId);
  return readAdapter(await blobs.read(sha256), portId);
}
