import { chmodSync, renameSync, writeFileSync } from "node:fs";

/** Writes a file that only its owner can read; complete or not at all, whenever the power goes. */
export function writePrivate(file: string, text: string): void {
  const incoming = `${file}.${process.pid}.new`;
  writeFileSync(incoming, text, { mode: 0o600, flush: true });
  chmodSync(incoming, 0o600);
  renameSync(incoming, file);
}
