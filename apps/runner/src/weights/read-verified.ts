import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** A file of weights, and what its bytes must be. */
export interface WeightsFile {
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The bytes of a file, once their hash is right. `title`: whose weights they are, for the error: `text-to-image`. */
export async function readVerified(
  title: string,
  { path, sha256 }: WeightsFile,
): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new Error(`The ${title} weights cannot be read from ${path}`, { cause });
  });
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === sha256) return bytes;
  throw new Error(
    `The ${title} weights in ${path} are damaged or of another version: expected SHA-256 ${sha256}, found ${found}`,
  );
}
