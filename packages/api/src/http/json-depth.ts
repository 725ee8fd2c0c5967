const quote = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Whether JSON text nests deeper than `max` arrays and objects, told from its bytes in one pass and without recursion, so
 * that nothing that recurses ever sees it. Text that is not JSON gives whatever its brackets say.
 */
export function isDeeperThan(json: Uint8Array, max: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.byteLength; index += 1) {
    const byte = json[index];
    if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > max) return true;
    } else if (byte === closeObject || byte === closeArray) depth -= 1;
    else if (byte === quote) index = endOfString(json, index);
  }
  return false;
}

/** Index of the quote that ends the string that starts at `start`; the end of the text when none does. */
function endOfString(json: Uint8Array, start: number): number {
  let end = json.indexOf(quote, start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf(quote, end + 1);
  return end === -1 ? json.byteLength : end;
}

/** An odd number of backslashes stands before it. */
function isEscaped(json: Uint8Array, index: number): boolean {
  let first = index;
  while (json[first - 1] === backslash) first -= 1;
  return (index - first) % 2 === 1;
}
