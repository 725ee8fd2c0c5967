import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** SHA-256 of the bytes, or of the text as UTF-8, as 64 lower-case hex digits. */
export function sha256Hex(source: Uint8Array | string): string {
  return bytesToHex(sha256(typeof source === "string" ? utf8ToBytes(source) : source));
}
