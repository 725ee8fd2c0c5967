import {
  textToImagePartFile,
  textToImageWeights,
  type TextToImageModel,
  type TextToImagePartName,
} from "@heddle/house-models";
import type { Weights } from "../weights/create-weights.ts";
import type { Kept } from "../weights/kept.ts";
import type { Network } from "../weights/network-thread.ts";
import type { WeightsFile } from "../weights/read-verified.ts";
import { cpuSessionOptions } from "../weights/session-options.ts";

export interface TextToImageFiles {
  readonly model: TextToImageModel;
  /** The folder of `@heddle/house-models`. */
  readonly directory: string;
  /** CPU threads for one run of a network. */
  readonly threads: number;
}

/** Of the gradient's session with the memory of one example; measured, with `cpuSessionOptions`. */
const gradientBytes = 180_000_000;

/** One network of a text-to-image model, kept among the others. Those with a `lane` are sessions beside the usual one. */
export function textToImageNetwork(
  weights: Weights,
  { model, directory, threads, lane }: TextToImageFiles & { readonly lane?: string },
  name: TextToImagePartName,
): Kept<Network> {
  const fileOf = (part: TextToImagePartName): WeightsFile => ({
    path: textToImagePartFile(directory, model.parts[part]),
    sha256: model.parts[part].sha256,
    sizeBytes: model.parts[part].sizeBytes,
  });
  // Training is no part of what paints, so it is not of the model that tasks ask for.
  const identity =
    name === "lora-gradient" ? model.parts[name].sha256 : textToImageWeights(model).sha256;
  return weights.network({
    model: { id: model.id, sha256: identity },
    title: "text-to-image",
    file: fileOf(name),
    options: cpuSessionOptions(threads),
    thread: lane ?? (name === "denoiser" || name === "lora-gradient" ? "steps" : "ends"),
    // Its weights are bytes of the denoiser's file.
    ...(name === "lora-gradient" && {
      external: { [model.parts.denoiser.file]: fileOf("denoiser") },
      sessionBytes: gradientBytes,
    }),
  });
}
