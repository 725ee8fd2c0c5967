import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import manifest from "../weights/adapters/manifest.json" with { type: "json" };

const adapterSchema = z.object({
  /** What the catalog calls the style. */
  id: z.string().regex(/^[a-z-]+$/),
  /** Beside the manifest. */
  file: z.string().regex(/^[a-z-]+\.safetensors$/),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type StyleAdapter = z.infer<typeof adapterSchema>;

/** The LoRAs that come with the built-in text-to-image model; `list-adapters.mjs` writes their manifest. */
export const houseStyles = z
  .object({
    id: z.literal("house-styles"),
    /** Id of the model that they change. */
    base: z.literal("house-text-to-image"),
    /** SPDX identifier of the licence of the files. */
    licence: z.string().min(1),
    adapters: z.array(adapterSchema).min(1),
  })
  .parse(manifest);

/** The path of one file; see `houseModelFile` for `rootDirectory`. */
export function styleAdapterFile(rootDirectory: string, { file }: StyleAdapter): string {
  return join(rootDirectory, "weights", "adapters", file);
}

/** One identity for all of them: the SHA-256 of their hashes in order, a line break after each; and all of their bytes. */
export function styleAdaptersWeights(adapters: readonly StyleAdapter[]): {
  sha256: string;
  sizeBytes: number;
} {
  const hashes = adapters.map(({ sha256 }) => `${sha256}\n`).join("");
  return {
    sha256: createHash("sha256").update(hashes).digest("hex"),
    sizeBytes: adapters.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
