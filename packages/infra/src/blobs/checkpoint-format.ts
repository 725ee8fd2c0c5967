import { createHash } from "node:crypto";

const digestBytes = 32;

/** What nobody came back for in this time is removed when another checkpoint is written. */
export const checkpointKeptMs = 7 * 24 * 3_600_000;

/** A name for a checkpoint in a store, of 64 hex digits. */
export function checkpointName(key: string): string {
  return sha256(key).toString("hex");
}

/** The SHA-256 of the state, then the state. */
export function packCheckpoint(state: Uint8Array): readonly [Uint8Array, Uint8Array] {
  return [sha256(state), state];
}

/** The state, or null when it is not what was packed. */
export function unpackCheckpoint(packed: Uint8Array): Uint8Array | null {
  if (packed.byteLength < digestBytes) return null;
  const state = packed.subarray(digestBytes);
  return sha256(state).equals(packed.subarray(0, digestBytes)) ? state : null;
}

function sha256(content: Uint8Array | string): Buffer {
  return createHash("sha256").update(content).digest();
}
