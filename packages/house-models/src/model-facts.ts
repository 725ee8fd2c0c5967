import { z } from "zod";

/** What every built-in model's manifest says. */
export const modelFacts = z.strictObject({
  id: z.string().regex(/^house-[a-z0-9-]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  /** SPDX identifier of the licence of the weights. */
  licence: z.string().min(1),
  /** Number of trained weights. */
  parameters: z.int().positive(),
  weights: z.strictObject({
    /** Relative to the folder of this package, with forward slashes. */
    file: z.string().regex(/^weights\/[a-z0-9./-]+\.onnx$/),
    sizeBytes: z.int().positive(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});
