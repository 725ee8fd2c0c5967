import { AppError, type ArtifactRef } from "@heddle/core";
import sharp from "sharp";
import type { Api } from "../api.ts";
import { keepFile } from "./keep-file.ts";
import { contentTypes, sniffFile } from "./sniff.ts";

/**
 * Stores a picture that comes with Heddle, byte for byte: its SHA-256 stands in the documents beside it. For files of our own
 * only; whatever comes from outside goes through `ingestFile`. Throws AppError `unsupported_media` when it is no picture.
 */
export async function storeAsIs(
  api: Pick<Api, "blobs" | "database">,
  workspaceId: string,
  bytes: Uint8Array,
): Promise<ArtifactRef> {
  const sniffed = sniffFile(bytes);
  if (!sniffed.known)
    throw new AppError("unsupported_media", `Not a picture: ${sniffed.looksLike}`);
  const { width, height } = await sharp(bytes).metadata();
  const contentType = contentTypes[sniffed.format];
  const store = async () => ({ ...(await api.blobs.put(bytes)), contentType, width, height });
  return keepFile(api, { workspaceId, store, pinned: true });
}
