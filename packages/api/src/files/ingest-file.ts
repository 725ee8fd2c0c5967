import { AppError, sha256Hex, type ArtifactRef, type MediaType } from "@heddle/core";
import { findArtifact } from "@heddle/db";
import type { Api } from "../api.ts";
import { checkStorage } from "./check-storage.ts";
import { inspectSafetensors } from "./inspect-safetensors.ts";
import { inspectMp4 } from "./inspect-video.ts";
import { keepFile } from "./keep-file.ts";
import { readImage } from "./read-image.ts";
import { contentTypes, sniffFile, type FileFormat } from "./sniff.ts";
import { unzip, type ZippedFile } from "./unzip.ts";

export interface IncomingFile {
  readonly bytes: Uint8Array;
  /** What the sender says it is, by content type or file name; only used in messages. */
  readonly claims?: string | undefined;
}

export type IngestedFile =
  | { readonly media: MediaType; readonly artifact: ArtifactRef }
  /** A ZIP of pictures, which stand for it in the order of their names. */
  | {
      readonly media: "archive";
      readonly artifact: ArtifactRef;
      readonly pictures: readonly ArtifactRef[];
    };

const mediaOf: Readonly<Record<Exclude<FileFormat, "zip">, "image" | "video" | "lora">> = {
  png: "image",
  jpeg: "image",
  webp: "image",
  gif: "image",
  avif: "image",
  tiff: "image",
  mp4: "video",
  webm: "video",
  safetensors: "lora",
};
type Stored = keyof typeof mediaOf;

const takenFormats =
  "PNG, JPEG, WebP, GIF, AVIF, TIFF, MP4, WebM, .safetensors and ZIPs of pictures";

/**
 * Turns bytes from outside into an artifact of the workspace: told by their content, checked, pictures decoded and written
 * anew as PNG, a ZIP unpacked as well. Throws AppError `unsupported_media` for what is not taken, `invalid` for what is
 * damaged or too large, `storage_full` when the workspace may hold no more.
 */
export async function ingestFile(
  api: Api,
  workspaceId: string,
  file: IncomingFile,
): Promise<IngestedFile> {
  const format = recognise(file);
  if (format === "zip") return ingestArchive(api, workspaceId, file.bytes);
  const { bytes } = file;
  const known = await findArtifact(api.database, { workspaceId, sha256: sha256Hex(bytes) });
  if (known === null) await checkStorage(api, workspaceId, bytes.byteLength);
  const artifact = await keepFile(api, {
    workspaceId,
    store: () => (known === null ? store(api, format, bytes) : storeAgain(api, known, bytes)),
  });
  return { media: mediaOf[format], artifact };
}

async function ingestArchive(
  api: Api,
  workspaceId: string,
  bytes: Uint8Array,
): Promise<IngestedFile> {
  const pictures: ArtifactRef[] = [];
  const limits = { files: api.limits.fanOut, fileBytes: api.limits.uploadBytes };
  for await (const file of unzip(bytes, limits))
    pictures.push(await ingestPicture(api, workspaceId, file));
  await checkStorage(api, workspaceId, bytes.byteLength);
  const artifact = await keepFile(api, {
    workspaceId,
    store: async () => ({ ...(await api.blobs.put(bytes)), contentType: contentTypes.zip }),
  });
  return { media: "archive", artifact, pictures };
}

async function ingestPicture(
  api: Api,
  workspaceId: string,
  { name, bytes }: ZippedFile,
): Promise<ArtifactRef> {
  const where = `"${name}" in this ZIP`;
  const sniffed = sniffFile(bytes);
  const holds = sniffed.known ? contentTypes[sniffed.format] : sniffed.looksLike;
  if (!sniffed.known || sniffed.format === "zip" || mediaOf[sniffed.format] !== "image")
    throw new AppError("unsupported_media", `${where} holds ${holds}; only pictures are taken`);
  try {
    return (await ingestFile(api, workspaceId, { bytes })).artifact;
  } catch (error) {
    if (!AppError.is(error)) throw error;
    throw new AppError(error.code, `${where}: ${error.message}`);
  }
}

function recognise({ bytes, claims }: IncomingFile): FileFormat {
  if (bytes.byteLength === 0) throw new AppError("invalid", "This file is empty");
  const sniffed = sniffFile(bytes);
  if (sniffed.known) return sniffed.format;
  const claimed = claimedFormat(claims);
  const holds = sniffed.looksLike;
  throw new AppError(
    "unsupported_media",
    claimed === null
      ? `This file holds ${holds}, which is not taken. Taken are ${takenFormats}`
      : `This file says it is ${claimed} but holds ${holds}. Taken are ${takenFormats}`,
  );
}

const claims: readonly (readonly [RegExp, string])[] = [
  [/png/i, "a PNG"],
  [/jpe?g/i, "a JPEG"],
  [/webp/i, "a WebP"],
  [/gif/i, "a GIF"],
  [/avif/i, "an AVIF"],
  [/tiff?/i, "a TIFF"],
  [/mp4|m4v/i, "an MP4"],
  [/webm/i, "a WebM"],
  [/safetensors/i, "a .safetensors file"],
  [/zip/i, "a ZIP"],
];

/** From `image/png` or `photo.png`; the extension counts, not the rest of the name. */
function claimedFormat(text: string | undefined): string | null {
  const kind = text?.split(/[./]/).at(-1) ?? "";
  return claims.find(([pattern]) => pattern.test(kind))?.[1] ?? null;
}

/**
 * Bytes that this workspace already holds were checked when they came in or made here: they are only stored again, which
 * mends them should they have been damaged since.
 */
async function storeAgain(api: Api, known: ArtifactRef, bytes: Uint8Array): Promise<ArtifactRef> {
  await api.blobs.put(bytes);
  return known;
}

async function store(api: Api, format: Stored, bytes: Uint8Array): Promise<ArtifactRef> {
  if (mediaOf[format] === "image") return storeImage(api, format, bytes);
  if (format === "safetensors") inspectSafetensors(bytes);
  if (format === "mp4") inspectMp4(bytes);
  return { ...(await api.blobs.put(bytes)), contentType: contentTypes[format] };
}

function storeImage(api: Api, format: Stored, bytes: Uint8Array): Promise<ArtifactRef> {
  return readImage(
    bytes,
    { format, maxPixels: api.limits.pixels },
    async ({ png, width, height }) => ({
      ...(await api.blobs.put(png)),
      contentType: "image/png",
      width,
      height,
    }),
  );
}
