import { createHash } from "node:crypto";
import { BlobCorrupt, type ByteRange } from "./blob-store.ts";

export interface CheckedStreamOptions {
  readonly sha256: string;
  /** Absent: all of the blob, which must match its hash. */
  readonly range?: ByteRange | undefined;
  /** Of the blob as it lies in the store. */
  readonly sizeBytes: number;
}

/**
 * The chunks as a stream that ends with `BlobCorrupt` instead of in good order when they are not what was stored. The last
 * chunk is held back until that is known: whoever sends them on as they come then breaks off before the end, and nobody
 * takes what is damaged for the whole.
 */
export function checkedStream(
  source: AsyncIterable<Uint8Array>,
  { sha256, range, sizeBytes }: CheckedStreamOptions,
): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const hash = createHash("sha256");
  const wantedBytes = range === undefined ? sizeBytes : lengthOf(range, sizeBytes);
  let gotBytes = 0;
  const isRight = () =>
    gotBytes === wantedBytes && (range !== undefined || hash.digest("hex") === sha256);
  const read = async () => {
    const next = await chunks.next();
    if (next.done === true) return null;
    gotBytes += next.value.byteLength;
    if (range === undefined) hash.update(next.value);
    return next.value;
  };
  let held: Uint8Array | null = null;
  // Not `Readable.toWeb`: its type fits Node's streams only, and the web app compiles against the browser's.
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      held ??= await read();
      const following = held === null ? null : await read();
      if (following === null && !isRight()) return controller.error(new BlobCorrupt(sha256));
      if (held !== null) controller.enqueue(held);
      held = following;
      if (following === null) controller.close();
    },
    cancel: async () => {
      await chunks.return?.();
    },
  });
}

function lengthOf({ start, end }: ByteRange, sizeBytes: number): number {
  return Math.max(0, Math.min(end, sizeBytes - 1) - start + 1);
}
