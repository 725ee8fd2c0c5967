const alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

/** `resize-4k9x2m`: says what it is, and two tabs that add at the same time do not meet. */
export function newId(word: string): string {
  const random = crypto.getRandomValues(new Uint8Array(6));
  const tail = Array.from(random, (byte) => alphabet[byte % alphabet.length]).join("");
  return `${word.replaceAll(/[^A-Za-z0-9_-]/g, "").slice(0, 48)}-${tail}`;
}
