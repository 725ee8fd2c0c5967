import { z } from "zod";
import manifest from "../weights/upscaler-4x/manifest.json" with { type: "json" };
import { modelFacts } from "./model-facts.ts";

const decibels = z.number().min(0);

/** An upscaler's manifest: what its training wrote beside the weights. */
export const upscalerModelSchema = modelFacts.extend({
  op: z.literal("upscale"),
  /** How many times longer each side gets. */
  scale: z.int().min(2),
  /** Input of the network: float32, N × 3 × H × W, RGB, sRGB-encoded, 0..1; H and W are free. */
  input: z.string(),
  /** Its output: float32, N × 3 × 4H × 4W, 0..1. */
  output: z.string(),
  /** Recommended side of a tile in pixels of the input. */
  tile: z.int().positive(),
  /** Margin of a tile in pixels of the input, beyond which nothing visible changes. */
  overlap: z.int().positive(),
  /** How far away in pixels of the input anything at all can matter. */
  receptiveRadius: z.int().positive(),
  training: z.strictObject({
    steps: z.int().positive(),
    seconds: z.number().positive(),
    /** Mean over the held-out photographs, by the filter that had made them small. */
    psnrGainOverBicubicDb: z.strictObject({ bicubic: decibels, lanczos: decibels, box: decibels }),
  }),
});
export type UpscalerModel = z.infer<typeof upscalerModelSchema>;

/** The built-in 4× upscaler. */
export const houseUpscaler4x: UpscalerModel = upscalerModelSchema.parse(manifest);
