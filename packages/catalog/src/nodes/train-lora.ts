import type { NodeType } from "@heddle/core";
import { z } from "zod";
import { modelRef } from "../define-model.ts";
import { defineNode } from "../define-node.ts";
import { numberOf } from "../estimate.ts";
import { houseTextToImage } from "../models/house-text-to-image.ts";
import { many, one } from "../outputs.ts";
import { paintingSeedParam } from "../painting-params.ts";
import { images, optional, texts } from "../ports.ts";

/** Numbers, letters: something that can be read as English words. */
const words = /[a-z0-9]/i;

export const trainLora = defineNode({
  type: "train-lora",
  // To be raised with the gradient graph and with the way of training, besides what the model's hash covers.
  version: 1,
  title: "Train LoRA",
  group: "lora",
  help: "Learns a style from 4 to 20 pictures, on this machine. What comes out is a .safetensors file for the nodes that paint.",
  example:
    "Eight drawings by one hand and 200 steps: after two minutes or so, Text to image draws like that hand.",
  keywords: [
    "train",
    "fine-tune",
    "teach",
    "style",
    "adapter",
    "dreambooth",
    "learn",
    "safetensors",
  ],
  inputs: {
    images: images({
      label: "Images",
      help: "4 to 20 pictures in one style. The middle square of each is taken, at 128 × 128 pixels.",
      count: { min: 4, max: 20 },
    }),
    captions: optional(
      texts({
        label: "Captions",
        help: "What each picture shows, in the same order, without naming the style; or one text for all of them.",
      }),
    ),
  },
  params: z.strictObject({
    caption: z
      .string()
      .max(2_000)
      .refine((caption) => words.test(caption), "must say in English words what the pictures show")
      .default("a landscape")
      .meta({
        label: "Caption",
        help: "What all of the pictures show. Used when no captions are wired in.",
      }),
    steps: z.int().min(20).max(1_000).default(200).meta({
      label: "Steps",
      help: "100 is a touch of the style, 200 is the style; many more learn the pictures by heart.",
      widget: "slider",
      step: 10,
      pinned: true,
    }),
    samplePrompt: z
      .string()
      .max(2_000)
      .refine((prompt) => words.test(prompt), "must say in English words what to paint")
      .default("a red sailing boat at sea at dusk")
      .meta({
        label: "Sample prompt",
        help: "Painted now and then with what has been learnt so far.",
        widget: "textarea",
        pinned: true,
      }),
    sampleEvery: z
      .int()
      .min(0)
      .max(1_000)
      .refine((every) => every === 0 || every >= 10, "must be 0 for no samples, or at least 10")
      .default(50)
      .meta({
        label: "Sample every",
        help: "Steps between two samples; the last one is painted at the end. 0 paints none.",
        unit: "steps",
      }),
    title: z.string().max(80).default("My style").meta({
      label: "Title",
      help: "What the file says that it is.",
    }),
    rank: z.int().min(1).max(16).default(4).meta({
      label: "Rank",
      help: "How much the LoRA can hold: 4 is a style, 16 a style with many details. The file grows with it.",
      widget: "slider",
      advanced: true,
    }),
    rate: z.number().min(0.0001).max(0.02).default(0.004).meta({
      label: "Learning rate",
      help: "How far each step goes. Lower it when the samples fall apart.",
      step: 0.0005,
      advanced: true,
    }),
    seed: paintingSeedParam(),
  }),
  outputs: { lora: one("lora", "LoRA"), samples: many("image", "Samples") },
  op: "train-lora",
  model: modelRef(houseTextToImage),
  estimateMs: estimateTrainingMs,
});

/** Loading and encoding, then every step and every sample: measured on two cores that others used as well. */
function estimateTrainingMs(params: Parameters<NodeType["estimateMs"]>[0]): number {
  const steps = numberOf(params, "steps", 200);
  const every = numberOf(params, "sampleEvery", 50);
  const samples = every === 0 ? 0 : Math.ceil(steps / every);
  return 10_000 + 700 * steps + 800 * samples;
}
