const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Whether JSON text nests deeper than `max` arrays and objects, told from its bytes in one pass and without recursion, so
 * that nothing that recurses ever sees it. Text that is not JSON gives whatever its brackets say.
 */
export function isDeeperThan(json: Uint8Array, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.byteLength; index += 1) {
    const byte = json[index] ?? 0;
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (opening.has(byte)) {
      depth += 1;
      if (depth > max) return true;
    } else if (closing.has(byte)) depth -= 1;
  }
  return false;
}
