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

export interface BlobFacts {
  readonly sizeBytes: number;
  /** When it was last put, by the clock of the store. */
  readonly putAt: Date;
}

/**
 * A content-addressed store: bytes are named by their SHA-256, so writing twice is harmless and a
 * reader can tell whether what it got is what was written. Every method throws `BlobStoreUnavailable`
 * when the store cannot be reached.
 */
export interface BlobStore {
  /**
   * Stores the bytes durably, all of them or none. Always writes, so that a damaged blob is mended and `putAt` is now.
   * Throws `BlobTooLarge` as soon as more than `maxBytes` have come, `BlobStoreFull` when there is no room.
   */
  put(source: BlobSource, options?: { readonly maxBytes?: number }): Promise<StoredBlob>;
  /** The whole blob, checked against its hash. Throws `BlobMissing`, `BlobCorrupt`. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * A range of the blob, or all of it, as a stream. All of it ends with `BlobCorrupt` when it does not match its hash, a
   * range when bytes are missing. Throws `BlobMissing`.
   */
  stream(sha256: string, range?: ByteRange): Promise<ReadableStream<Uint8Array>>;
  /** Null when it is not there. */
  head(sha256: string): Promise<BlobFacts | null>;
  /** Every blob, in no order. One that is put or deleted meanwhile may be among them or not. */
  list(): AsyncIterable<BlobFacts & { readonly sha256: string }>;
  /** Removes the blob; nothing happens when it is not there. */
  delete(sha256: string): Promise<void>;
  /**
   * A link that gives the blob to whoever has it, for `seconds` (604,800 at most). Null: this store cannot make one.
   * It carries none of the headers that make a file from a stranger safe to open on our own origin.
   */
  presign(sha256: string, seconds: number): Promise<string | null>;
  /** Throws with the reason when the store cannot be written to. */
  check(): Promise<void>;
}

/** What work on blobs needs: a runner has no more of a store, and one on another machine has this much over HTTP. */
export type BlobAccess = Pick<BlobStore, "put" | "read" | "stream" | "head">;

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

export class BlobStoreFull extends Error {
  override readonly name = "BlobStoreFull";
  constructor(cause: unknown) {
    super("The blob store has no room left; make some, then try again", { cause });
  }
}

export class BlobStoreUnavailable extends Error {
  override readonly name = "BlobStoreUnavailable";
  constructor(reason: string, cause?: unknown) {
    super(`The blob store cannot be used right now: ${reason}`, { cause });
  }
}

/** Throws unless this is a hash: what is no hash never becomes a path or a key. */
export function assertHash(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256))
    throw new Error(`Not a SHA-256 in hex: ${JSON.stringify(sha256)}`);
  return sha256;
}
