import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import manifest from "../weights/text-to-image/manifest.json" with { type: "json" };

const partSchema = z.object({
  /** Beside the manifest. */
  file: z.string().regex(/^[a-z0-9-]+\.onnx$/),
  sizeBytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TextToImagePart = z.infer<typeof partSchema>;

const range = z.object({ min: z.number(), max: z.number(), default: z.number() });

/**
 * What a text-to-image manifest says to those who run the model; its training writes more than that.
 * `heddle_models/text_to_image/export.py` has the inputs and outputs of every part with their shapes.
 */
export const textToImageModelSchema = z.object({
  id: z.string().regex(/^house-[a-z0-9-]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  op: z.literal("text-to-image"),
  /** SPDX identifier of the licence of the weights. */
  licence: z.string().min(1),
  parts: z.object({
    "text-encoder": partSchema,
    denoiser: partSchema,
    encoder: partSchema,
    decoder: partSchema,
    /** One step of training an adapter; its weights are bytes of the denoiser's file beside it. */
    "lora-gradient": partSchema,
  }),
  config: z.object({
    /** Side of a picture in pixels; the latent grid has an eighth of it. */
    image: z.int().multipleOf(8).positive(),
    latent_channels: z.int().positive(),
    /** Tokens of a prompt; what is longer is cut. */
    text_tokens: z.int().positive(),
    /** Channels of the transformer. */
    width: z.int().positive(),
    /** Its layers. */
    depth: z.int().positive(),
  }),
  sampler: z.object({
    kind: z.literal("rectified-flow-euler"),
    /** How much of the time goes to the layout: t = shift · u / (1 + (shift − 1) · u). */
    shift: z.number().min(1),
    steps: range,
    guidance: range,
  }),
  /** The mean colour in 0–1 of a cell's pixels, roughly: per channel of colour, weights · latent + bias. */
  preview: z.object({
    weights: z.array(z.array(z.number())).length(3),
    bias: z.array(z.number()).length(3),
  }),
  /** Where an adapter's factors lie when they are packed: A [layers, rank, …] and B [layers, …, rank]. */
  lora: z.object({
    layers: z.int().positive(),
    /** What the spans are counted in. */
    unit: z.int().positive(),
    /** By the name of the adapted layer: first and last column of its A, first and last row of its B. */
    targets: z.record(z.string().regex(/^[a-z]+$/), z.tuple([z.int(), z.int(), z.int(), z.int()])),
  }),
  tokenizer: z.object({
    kind: z.literal("greedy-longest-match"),
    length: z.int().positive(),
    /** A token's number is its place; 0 fills up. Pieces that go on with a word start with `##`. */
    vocabulary: z.array(z.string().min(1)).min(1),
  }),
});
export type TextToImageModel = z.infer<typeof textToImageModelSchema>;
export type TextToImagePartName = keyof TextToImageModel["parts"];

/** The built-in text-to-image model: 128 × 128 pixels. */
export const houseTextToImage: TextToImageModel = textToImageModelSchema.parse(manifest);

/** The path of one part; see `houseModelFile` for `rootDirectory`. */
export function textToImagePartFile(rootDirectory: string, part: TextToImagePart): string {
  return join(rootDirectory, "weights", "text-to-image", part.file);
}

/**
 * One identity for the four networks that paint: the SHA-256 of their hashes in lower-case hexadecimal, in the order
 * text encoder, denoiser, encoder, decoder, a line break after each; and the bytes of all four.
 */
export function textToImageWeights({ parts }: TextToImageModel): {
  sha256: string;
  sizeBytes: number;
} {
  const ordered = [parts["text-encoder"], parts.denoiser, parts.encoder, parts.decoder];
  const hashes = ordered.map(({ sha256 }) => `${sha256}\n`).join("");
  return {
    sha256: createHash("sha256").update(hashes).digest("hex"),
    sizeBytes: ordered.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}
