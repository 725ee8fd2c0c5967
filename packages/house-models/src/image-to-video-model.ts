import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import manifest from "../weights/image-to-video/manifest.json" with { type: "json" };

const partSchema = z.object({
  /** Beside the manifest. */
  file: z.string().regex(/^[a-z0-9-]+\.onnx$/),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * What an image-to-video manifest says to those who run the model. `heddle_models/image_to_video/export.py` has the
 * inputs and outputs of both parts with their shapes; frames are decoded by the text-to-image decoder.
 */
const imageToVideoModelSchema = z.object({
  id: z.string().regex(/^house-[a-z0-9-]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  op: z.literal("image-to-video"),
  /** SPDX identifier of the licence of the weights. */
  licence: z.string().min(1),
  parts: z.object({
    /** Moves the picture as the motion says; its frames guide the other. */
    mover: partSchema,
    denoiser: partSchema,
  }),
  config: z.object({
    /** Side of a frame in pixels. */
    image: z.int().multipleOf(8).positive(),
    /** Of a clip, the picture itself among them. */
    frames: z.int().positive(),
    latentChannels: z.int().positive(),
    framesPerSecond: z.number().positive(),
  }),
  /** The motion words; a motion's number is its place. */
  motions: z.array(z.string()).min(1),
  sampler: z.object({
    kind: z.literal("rectified-flow-euler"),
    /** See the text-to-image model. */
    shift: z.number().min(1),
    steps: z.object({ min: z.number(), max: z.number(), default: z.number() }),
  }),
});
export type ImageToVideoModel = z.infer<typeof imageToVideoModelSchema>;
export type ImageToVideoPartName = keyof ImageToVideoModel["parts"];

/** The built-in image-to-video model: 16 frames of 128 × 128 pixels. */
export const houseImageToVideo: ImageToVideoModel = imageToVideoModelSchema.parse(manifest);

/** The path of one part; see `houseModelFile` for `rootDirectory`. */
export function imageToVideoPartFile(
  rootDirectory: string,
  { file }: ImageToVideoModel["parts"]["mover"],
): string {
  return join(rootDirectory, "weights", "image-to-video", file);
}

/** One identity for both networks: the SHA-256 of their hashes, mover first, a line break after each; and all bytes. */
export function imageToVideoWeights({ parts }: ImageToVideoModel): {
  sha256: string;
  sizeBytes: number;
} {
  const ordered = [parts.mover, parts.denoiser];
  const hashes = ordered.map(({ sha256 }) => `${sha256}\n`).join("");
  return {
    sha256: createHash("sha256").update(hashes).digest("hex"),
    sizeBytes: ordered.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
