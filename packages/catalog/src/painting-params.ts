import type { NodeType } from "@heddle/core";
import { z } from "zod";
import { numberOf } from "./estimate.ts";
import { loras, optional } from "./ports.ts";

/** Characters of a prompt that a model takes. */
const longestPrompt = 2_000;

/** What to paint; never empty. */
export function promptParam(prompt: string) {
  return z
    .string()
    .max(longestPrompt)
    .refine((words) => /[a-z0-9]/i.test(words), "must say in English words what to paint")
    .default(prompt)
    .meta({
      label: "Prompt",
      help: "An object with its colour and place, a landscape, a time of day, the sky, a style: flat, watercolour, pixel art, ink, neon or blueprint. The first 32 words or so count.",
      widget: "textarea",
      placeholder: prompt,
      pinned: true,
    });
}

export function paintingSeedParam() {
  return z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1)
    .meta({
      label: "Seed",
      help: "The same seed and settings give the same picture again; another seed gives another one.",
      widget: "seed",
      pinned: true,
    });
}

export function stepsParam() {
  return z.int().min(4).max(30).default(12).meta({
    label: "Steps",
    help: "More steps take longer and draw finer; beyond 16 little changes.",
    widget: "slider",
  });
}

export function guidanceParam() {
  return z.number().min(1).max(8).default(3).meta({
    label: "Guidance",
    help: "How closely it follows the prompt. 1 paints more freely, 8 by the letter.",
    widget: "slider",
    step: 0.1,
    advanced: true,
  });
}

/** LoRAs that act on one picture at most. */
const mostLoras = 4;

/** Styles on top of the model's own; what they do adds up. */
export function lorasPort() {
  return optional(
    loras({
      label: "LoRAs",
      help: "Trained styles, from House style, Train LoRA or a file. Several add up; four at most.",
      count: { max: mostLoras },
    }),
  );
}

export function loraScaleParam() {
  return z.number().min(0).max(200).default(100).meta({
    label: "LoRA strength",
    help: "How strongly the LoRAs act, all of them: 0 is not at all, 100 as they were made.",
    unit: "%",
    step: 1,
    widget: "slider",
    advanced: true,
  });
}

/** Encoding, so many steps, decoding and storing: measured on two cores that others used as well. */
export const estimatePaintingMs: NodeType["estimateMs"] = (params) =>
  80 + 55 * numberOf(params, "steps", 12);
