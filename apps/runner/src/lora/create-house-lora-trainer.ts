import { houseTextToImage } from "@heddle/house-models";
import { houseModelsDirectory } from "../house-models-directory.ts";
import type { Weights } from "../weights/create-weights.ts";
import { createLoraTrainer, type LoraTrainer } from "./create-lora-trainer.ts";

/** Trains LoRAs of the built-in text-to-image model; its networks are kept among `weights`, or by themselves. */
export function createHouseLoraTrainer(threads: number, weights?: Weights): LoraTrainer {
  const directory = houseModelsDirectory();
  return createLoraTrainer({ model: houseTextToImage, directory, threads, weights });
}
