export { blobEnvShape, s3CredentialsOf } from "./blobs/blob-env.ts";
export {
  BlobCorrupt,
  BlobMissing,
  BlobStoreFull,
  BlobStoreUnavailable,
  BlobTooLarge,
  type BlobAccess,
  type BlobFacts,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from "./blobs/blob-store.ts";
export { readByteRange } from "./blobs/byte-range.ts";
export type { CheckpointStore } from "./blobs/checkpoint-store.ts";
export { createBlobStore, createCheckpointStore } from "./blobs/create-blob-store.ts";
export { createHttpBlobStore } from "./blobs/http-blob-store.ts";
export { createHttpCheckpointStore } from "./blobs/http-checkpoint-store.ts";
export type { S3Credentials } from "./blobs/s3-bucket.ts";
export {
  signArtifact,
  verifyArtifactSignature,
  type SignArtifactOptions,
  type VerifyArtifactOptions,
} from "./blobs/sign-artifact.ts";
export { crashAt } from "./crash-at.ts";
export {
  readSafetensors,
  SafetensorsUnreadable,
  type Safetensors,
  type SafetensorsTensor,
} from "./files/read-safetensors.ts";
export { createLive, type Live, type LiveChannel } from "./live/create-live.ts";
export { createLog, type Log } from "./log.ts";
export { createRegistry } from "./metrics/create-registry.ts";
export { serveMetrics } from "./metrics/serve-metrics.ts";
export { safeFetch, type FetchedFile, type SafeFetchOptions } from "./net/safe-fetch.ts";
export {
  currentTraceparent,
  describeSpan,
  inSpan,
  recordSpan,
  type SpanOptions,
} from "./trace/spans.ts";
export {
  startTracing,
  traceEnvShape,
  type Tracing,
  type TracingOptions,
} from "./trace/start-tracing.ts";
export { createDoorbell, type Doorbell } from "./queue/create-doorbell.ts";
