import { crc32 } from "node:zlib";
import { sha256Hex } from "@heddle/core";

const pattern = /^hdl_live_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Whether text has the form of an API key: prefix, 30 base62 characters, and 6 that hold the CRC32 of those 30.
 * A typo is told apart from a wrong key without asking the database, and scanners for leaked keys can be exact.
 */
export function isApiKey(text: string): boolean {
  const match = pattern.exec(text);
  return match?.[1] !== undefined && match[2] === apiKeyChecksum(match[1]);
}

/** CRC32 of the secret part as 6 base62 digits, most significant first, digits before upper case before lower case. */
export function apiKeyChecksum(secret: string): string {
  let rest = crc32(secret);
  let digits = "";
  for (let place = 0; place < 6; place += 1) {
    digits = (alphabet[rest % 62] ?? "") + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** What the database holds of a key. */
export function apiKeyHash(key: string): string {
  return sha256Hex(key);
}
