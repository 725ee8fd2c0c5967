export {
  BlobCorrupt,
  BlobMissing,
  BlobTooLarge,
  type BlobSource,
  type BlobStore,
  type ByteRange,
  type StoredBlob,
} from "./blobs/blob-store.ts";
export type { CheckpointStore } from "./blobs/checkpoint-store.ts";
export { createBlobStore, createCheckpointStore } from "./blobs/create-blob-store.ts";
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
export { safeFetch, type FetchedFile, type SafeFetchOptions } from "./net/safe-fetch.ts";
export { createDoorbell, type Doorbell } from "./queue/create-doorbell.ts";
