import { AppError, type ArtifactRef, type MediaType } from "@heddle/core";
import { findArtifact, getUpload } from "@heddle/db";
import { BlobCorrupt, BlobMissing, safeFetch, verifyArtifactSignature } from "@heddle/infra";
import { z } from "zod";
import type { Api } from "../api.ts";
import { ingestFile, type IngestedFile } from "../files/ingest-file.ts";
import { contentTypes } from "../files/sniff.ts";

export interface FileInputContext {
  readonly api: Api;
  readonly workspaceId: string;
  /** Origin that the caller reached us by; links of ours start with it or with the public URL. */
  readonly origin: string;
}

const fetchTimeoutMs = 30_000;
const storedSchema = z.object({ sha256: z.string() });
const linkedSchema = z.object({ url: z.string() });

/**
 * Makes an artifact of whatever names a file: an https URL, a data URI, a link that Heddle gave, an upload's `url`,
 * `{sha256}` of a file of this workspace, or `{url}`. Throws AppError with a message that its sender can act on.
 */
export async function readFileInput(
  context: FileInputContext,
  source: unknown,
  wanted: MediaType,
): Promise<ArtifactRef> {
  const file = await read(context, source, wanted);
  if (file.media !== wanted) throw otherMedia(wanted, file.media);
  return file.artifact;
}

/** As `readFileInput` for an item of a list; a ZIP of pictures stands for all of them. */
export async function readListedFiles(
  context: FileInputContext,
  source: unknown,
  wanted: MediaType,
): Promise<readonly ArtifactRef[]> {
  const file = await read(context, source, wanted);
  if (file.media === "archive" && wanted === "image") return file.pictures;
  if (file.media !== wanted) throw otherMedia(wanted, file.media);
  return [file.artifact];
}

async function read(
  context: FileInputContext,
  source: unknown,
  wanted: MediaType,
): Promise<IngestedFile> {
  if (typeof source === "string") return readText(context, source);
  const stored = storedSchema.safeParse(source);
  if (stored.success) return findStored(context, stored.data.sha256);
  const linked = linkedSchema.safeParse(source);
  if (linked.success) return readText(context, linked.data.url);
  throw new AppError(
    "invalid",
    `must be ${article(wanted)}: an https URL, a data URI, the url of an upload, or {"sha256": …} of a stored file`,
  );
}

async function readText(context: FileInputContext, text: string): Promise<IngestedFile> {
  if (text.startsWith("data:")) return readDataUri(context, text);
  const own = ownPath(context, text);
  if (own !== null) return readOwn(context, own);
  if (!/^https?:\/\//i.test(text)) {
    throw new AppError("invalid", `is not a URL or data URI: ${JSON.stringify(text.slice(0, 60))}`);
  }
  const { api, workspaceId } = context;
  if (!api.allowPrivateUrls && !/^https:/i.test(text))
    throw new AppError("invalid", "must be an https URL, got http");
  const { bytes, contentType } = await safeFetch(text, {
    maxBytes: api.limits.uploadBytes,
    timeoutMs: fetchTimeoutMs,
    allowPrivate: api.allowPrivateUrls,
  });
  return ingestFile(api, workspaceId, { bytes, claims: contentType });
}

function readDataUri({ api, workspaceId }: FileInputContext, uri: string): Promise<IngestedFile> {
  const comma = uri.indexOf(",");
  const head = uri.slice("data:".length, comma);
  if (comma < 0 || !/;base64$/i.test(head))
    throw new AppError("invalid", "is a data URI without ;base64,");
  const base64 = uri.slice(comma + 1);
  if (base64.length * 0.75 > api.limits.uploadBytes) {
    throw new AppError(
      "too_large",
      `is larger than the limit of ${api.limits.uploadBytes} bytes (limit uploadBytes)`,
    );
  }
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(base64))
    throw new AppError("invalid", "is a data URI whose base64 is broken");
  return ingestFile(api, workspaceId, {
    bytes: Buffer.from(base64, "base64"),
    claims: head.split(";")[0],
  });
}

/** A link of ours, absolute or from `/`. */
function ownPath({ api, origin }: FileInputContext, text: string): URL | null {
  if (!URL.canParse(text, origin)) return null;
  const url = new URL(text, origin);
  const ours = [origin, api.publicUrl].some((one) => new URL(one).origin === url.origin);
  return ours && (text.startsWith("/") || /^https?:/i.test(text)) ? url : null;
}

async function readOwn(context: FileInputContext, url: URL): Promise<IngestedFile> {
  const sha256 = /^\/a\/([0-9a-f]{64})$/.exec(url.pathname)?.[1];
  if (sha256 !== undefined) return readLinked(context, sha256, url.searchParams.get("sig") ?? "");
  const id = /^\/api\/v1\/uploads\/(\w+)$/.exec(url.pathname)?.[1];
  if (id === undefined) throw new AppError("invalid", `names no file: ${url.pathname}`);
  const upload = await getUpload(context.api.database, { id, workspaceId: context.workspaceId });
  if (upload === null) throw new AppError("invalid", "names an upload that does not exist");
  if (upload.sha256 === null)
    throw new AppError(
      "invalid",
      "names an upload whose file was not sent yet: PUT it to its uploadUrl",
    );
  return findStored(context, upload.sha256);
}

/** A signed link lets its holder read the file, so it may also be an input; the workspace then holds it too. */
async function readLinked(
  context: FileInputContext,
  sha256: string,
  sig: string,
): Promise<IngestedFile> {
  const { api, workspaceId } = context;
  if ((await findArtifact(api.database, { workspaceId, sha256 })) !== null)
    return findStored(context, sha256);
  const now = Math.floor(api.now() / 1000);
  if (!verifyArtifactSignature({ secret: api.secret, sha256, sig, now })) throw notStored(sha256);
  return ingestFile(api, workspaceId, { bytes: await readBlob(api, sha256) });
}

async function findStored(
  { api, workspaceId }: FileInputContext,
  sha256: string,
): Promise<IngestedFile> {
  const artifact = await findArtifact(api.database, { workspaceId, sha256 });
  if (artifact === null) throw notStored(sha256);
  if (artifact.contentType === contentTypes.zip)
    return ingestFile(api, workspaceId, { bytes: await readBlob(api, sha256) });
  return { media: mediaOf(artifact.contentType), artifact };
}

function readBlob(api: Api, sha256: string): Promise<Uint8Array> {
  return api.blobs.read(sha256).catch((error: unknown) => {
    throw error instanceof BlobMissing || error instanceof BlobCorrupt ? notStored(sha256) : error;
  });
}

/** The media type of a stored file. */
function mediaOf(contentType: string): MediaType {
  if (contentType.startsWith("image/")) return "image";
  return contentType.startsWith("video/") ? "video" : "lora";
}

function notStored(sha256: string): AppError {
  return new AppError(
    "invalid",
    `names a file that this workspace does not hold: ${sha256.slice(0, 12)}…`,
  );
}

function otherMedia(wanted: MediaType, got: MediaType | "archive"): AppError {
  return new AppError("invalid", `must be ${article(wanted)}, got ${article(got)}`);
}

function article(media: MediaType | "archive"): string {
  if (media === "archive") return "a ZIP, which only a list of images takes";
  return media === "image" ? "an image" : media === "lora" ? "a LoRA (.safetensors)" : `a ${media}`;
}
