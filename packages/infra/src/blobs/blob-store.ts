/** Bytes to store: whole, or as a stream of chunks. */
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>;

export interface StoredBlob {
  /** 64 lower-case hex digits */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** First and last byte, both inclusive, as in HTTP. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A content-addressed store: bytes are named by their SHA-256, so writing twice is harmless and a
 * reader can tell whether what it got is what was written.
 */
export interface BlobStore {
  /** Stores the bytes durably. Throws `BlobTooLarge` as soon as more than `maxBytes` have come. */
  put(source: BlobSource, options?: { readonly maxBytes?: number }): Promise<StoredBlob>;
  /** The whole blob, checked against its hash. Throws `BlobMissing`, `BlobCorrupt`. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A range of the blob, or all of it, as a stream; not checked against the hash. Throws `BlobMissing`. */
  stream(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** Size in bytes, or null when it is not there. */
  head(sha256: string): Promise<{ readonly sizeBytes: number } | null>;
  /** Removes the blob; nothing happens when it is not there. */
  delete(sha256: string): Promise<void>;
  /** Throws with the reason when the store cannot be written to. */
  check(): Promise<void>;
}

export class BlobMissing extends Error {
  override readonly name = "BlobMissing";
  constructor(sha256: string) {
    super(`The stored file ${sha256} is missing from the blob store`);
  }
}

export class BlobCorrupt extends Error {
  override readonly name = "BlobCorrupt";
  constructor(sha256: string) {
    super(`The stored file ${sha256} no longer matches its SHA-256`);
  }
}

export class BlobTooLarge extends Error {
  override readonly name = "BlobTooLarge";
  constructor(maxBytes: number) {
    super(`More than the allowed ${maxBytes} bytes`);
  }
}
