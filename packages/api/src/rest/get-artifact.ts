import { AppError } from "@heddle/core";
import { forgetFile } from "@heddle/db";
import {
  BlobCorrupt,
  BlobMissing,
  readByteRange,
  verifyArtifactSignature,
  type BlobStore,
  type ByteRange,
} from "@heddle/infra";
import type { Api } from "../api.ts";
import { contentTypes, sniffFile } from "../files/sniff.ts";
import type { PublicRoute, RestRequest } from "./route.ts";

export const getArtifact: PublicRoute = {
  method: "GET",
  path: "/a/{sha256}",
  access: "public",
  operation: {
    id: "getArtifact",
    summary: "The bytes of a stored file",
    description:
      "Follow the links that other calls give: they carry the signature. Supports range requests.",
    query: {
      sig: "The signature of the link",
      download: "A file name: the browser saves instead of shows",
    },
    headers: { Range: "`bytes=0-1023`: a part of the file" },
    answers: {
      200: { description: "The file", contentType: "application/octet-stream" },
      206: { description: "The part that was asked for", contentType: "application/octet-stream" },
      304: { description: "Unchanged" },
    },
    problems: [404],
  },
  handle: serveArtifact,
};

/** One answer for a wrong signature, a malformed name and a missing file: nobody learns what exists. */
const missing = new AppError("not_found", "There is no such file, or the link has expired");

async function serveArtifact({ api, request, url, params }: RestRequest): Promise<Response> {
  const sha256 = params["sha256"] ?? "";
  const sig = url.searchParams.get("sig") ?? "";
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw missing;
  const now = Math.floor(api.now() / 1000);
  if (!verifyArtifactSignature({ secret: api.secret, sha256, sig, now })) throw missing;
  const blob = await api.blobs.head(sha256);
  if (blob === null) {
    await noticeDamage(api, new BlobMissing(sha256), sha256);
    throw missing;
  }
  const etag = `"${sha256}"`;
  const headers = await artifactHeaders(api.blobs, sha256, url.searchParams.get("download"));
  headers.set("etag", etag);
  if (isListed(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  const range = wantedRange(request.headers, etag, blob.sizeBytes);
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${blob.sizeBytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range ?? { start: 0, end: blob.sizeBytes - 1 };
  headers.set("content-length", String(end - start + 1));
  if (range !== null) headers.set("content-range", `bytes ${start}-${end}/${blob.sizeBytes}`);
  const body = blob.sizeBytes === 0 ? null : await open(api.blobs, sha256, range);
  return new Response(body === null ? null : watch(api, body, sha256), {
    status: range === null ? 200 : 206,
    headers,
  });
}

/** The bytes as they come. What is damaged breaks off before its end, and is not reused again. */
function watch(
  api: Api,
  stream: ReadableStream<Uint8Array>,
  sha256: string,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  stream.pipeTo(writable).catch((error: unknown) => noticeDamage(api, error, sha256));
  return readable;
}

/** Never throws: whoever asks for a file cannot mend it. */
async function noticeDamage({ database, log }: Api, error: unknown, sha256: string): Promise<void> {
  if (!(error instanceof BlobMissing) && !(error instanceof BlobCorrupt)) return;
  try {
    const forgotten = await forgetFile(database, sha256);
    log.warn({ err: error, sha256, forgotten }, "a file that was asked for is missing or damaged");
  } catch (failure) {
    log.warn({ err: failure, sha256 }, "a lost file could not be looked into");
  }
}

async function open(
  blobs: BlobStore,
  sha256: string,
  range: ByteRange | null,
): Promise<ReadableStream<Uint8Array>> {
  try {
    return await blobs.stream(sha256, range ?? undefined);
  } catch (error) {
    if (error instanceof BlobMissing) throw missing;
    throw error;
  }
}

/** The type comes from the bytes, so that nothing a sender claimed can make a browser run them. */
async function artifactHeaders(
  blobs: BlobStore,
  sha256: string,
  download: string | null,
): Promise<Headers> {
  const head: Uint8Array[] = [];
  for await (const chunk of await open(blobs, sha256, { start: 0, end: 511 })) head.push(chunk);
  const sniffed = sniffFile(Buffer.concat(head));
  const shown = sniffed.known && sniffed.format !== "safetensors";
  const extension = sniffed.known ? sniffed.format.replace("jpeg", "jpg") : "bin";
  const given =
    download === null || download === "" ? `${sha256.slice(0, 12)}.${extension}` : download;
  // Half a surrogate pair cannot be encoded.
  const name = given.slice(0, 200).replace(/\p{Surrogate}/gu, "");
  const disposition = shown && download === null ? "inline" : "attachment";
  return new Headers({
    "content-type": sniffed.known ? contentTypes[sniffed.format] : "application/octet-stream",
    "content-disposition": `${disposition}; filename="${plain(name)}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    "cache-control": "private, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "accept-ranges": "bytes",
  });
}

function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9._ -]/g, "_");
}

function isListed(header: string | null, etag: string): boolean {
  return (
    header !== null &&
    header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag)
  );
}

/** Null also when `If-Range` names another file. */
function wantedRange(
  headers: Headers,
  etag: string,
  sizeBytes: number,
): ByteRange | "unsatisfiable" | null {
  const condition = headers.get("if-range");
  if (condition !== null && condition !== etag) return null;
  return readByteRange(headers.get("range"), sizeBytes);
}
