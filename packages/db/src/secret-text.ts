import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { encodeBase62, randomBase62 } from "./new-id.ts";

const secretDigits = 30;
const checksumDigits = 6;
const digits = /^[0-9A-Za-z]{36}$/;

/** A secret that people copy: the prefix, 30 random base62 characters (178 bits), and 6 that hold the CRC32 of those 30. */
export function makeSecretText(prefix: string): string {
  const secret = randomBase62(secretDigits);
  return `${prefix}${secret}${checksum(secret)}`;
}

/**
 * Whether text has the form of such a secret. A typo is told apart from a wrong secret without asking the database, and
 * scanners for leaked ones can be exact.
 */
export function isSecretText(prefix: string, text: string): boolean {
  const rest = text.slice(prefix.length);
  if (!text.startsWith(prefix) || !digits.test(rest)) return false;
  return rest.slice(secretDigits) === checksum(rest.slice(0, secretDigits));
}

/** SHA-256, hex: what the database holds of a secret. With so much entropy a slow hash would add nothing. */
export function secretHash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function checksum(secret: string): string {
  return encodeBase62(crc32(secret), checksumDigits);
}
