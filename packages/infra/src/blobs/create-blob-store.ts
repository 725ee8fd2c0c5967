import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BlobStore } from "./blob-store.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { createFileBlobStore } from "./file-blob-store.ts";
import { createFileCheckpointStore } from "./file-checkpoint-store.ts";
import { createS3BlobStore } from "./s3-blob-store.ts";
import { S3Bucket, type S3Credentials } from "./s3-bucket.ts";
import { createS3CheckpointStore } from "./s3-checkpoint-store.ts";

/**
 * Opens the store that a `BLOB_URL` names: `file:/absolute/folder`, or
 * `s3://bucket/prefix?endpoint=https://…&region=…`, which needs credentials. Throws when the URL names none.
 */
export function createBlobStore(url: string, credentials?: S3Credentials): BlobStore {
  const place = readBlobUrl(url);
  return place.kind === "file"
    ? createFileBlobStore(place.folder)
    : createS3BlobStore(openBucket(place, credentials));
}

/** Opens the checkpoints that lie beside the blobs of a `BLOB_URL`: whoever shares the blobs shares them too. */
export function createCheckpointStore(url: string, credentials?: S3Credentials): CheckpointStore {
  const place = readBlobUrl(url);
  return place.kind === "file"
    ? createFileCheckpointStore(join(place.folder, "checkpoints"))
    : createS3CheckpointStore(openBucket(place, credentials));
}

type BlobPlace = { readonly kind: "file"; readonly folder: string } | BucketPlace;

interface BucketPlace {
  readonly kind: "s3";
  readonly bucket: string;
  readonly prefix: string;
  readonly endpoint: string | undefined;
  readonly region: string;
}

function readBlobUrl(url: string): BlobPlace {
  if (url.startsWith("file:")) return { kind: "file", folder: folderOf(url) };
  if (url.startsWith("s3:")) return bucketOf(url);
  throw new Error(
    `BLOB_URL must be file:/absolute/folder or s3://bucket, got ${JSON.stringify(url)}`,
  );
}

function folderOf(url: string): string {
  const path = url.startsWith("file://") ? fileURLToPath(url) : url.slice("file:".length);
  if (!isAbsolute(path))
    throw new Error(`BLOB_URL must name an absolute folder, got ${JSON.stringify(path)}`);
  return path;
}

function bucketOf(url: string): BucketPlace {
  const match =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9._-]+)*)\/?(?:\?(.*))?$/.exec(url);
  if (match === null) {
    throw new Error(
      `BLOB_URL must be s3://bucket/prefix?endpoint=…&region=…, got ${JSON.stringify(url)}`,
    );
  }
  const [, bucket = "", path = "", words = ""] = match;
  const query = new URLSearchParams(words);
  const endpoint = query.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\/[^/]/.test(endpoint))
    throw new Error(`The endpoint in BLOB_URL must be an http(s) URL, got ${endpoint}`);
  return {
    kind: "s3",
    bucket,
    prefix: path === "" ? "" : `${path.slice(1)}/`,
    endpoint,
    region: query.get("region") ?? "us-east-1",
  };
}

function openBucket(
  { bucket, prefix, endpoint, region }: BucketPlace,
  credentials: S3Credentials | undefined,
): S3Bucket {
  if (credentials === undefined)
    throw new Error("BLOB_URL names S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  return new S3Bucket({ bucket, prefix, endpoint, region, credentials });
}
