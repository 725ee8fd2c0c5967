import { randomBytes } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const timeDigits = 7;
const randomDigits = 15;

export type IdPrefix = "ws" | "wf" | "wv" | "run" | "stp" | "rnr" | "rtk" | "key" | "upl";

/**
 * `run_` and 22 base62 characters: 7 of milliseconds, so that rows made together lie together in the indexes, and 15
 * random ones (89 bits), so that nobody can guess one.
 */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${encodeTime(Date.now())}${randomBase62(randomDigits)}`;
}

/** Uniform base62 text from the system's random source. */
export function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length + 2)) {
      // 248 = 4 × 62: larger bytes would make some characters likelier.
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** Unsigned integer as base62, most significant digit first. */
export function encodeBase62(value: number, digits: number): string {
  let rest = value;
  let text = "";
  for (let place = 0; place < digits; place += 1) {
    text = (alphabet[rest % 62] ?? "") + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function encodeTime(ms: number): string {
  return encodeBase62(ms, timeDigits);
}
