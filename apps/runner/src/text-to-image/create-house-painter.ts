import { houseTextToImage } from "@heddle/house-models";
import { houseModelsDirectory } from "../house-models-directory.ts";
import type { BatchProfile } from "../engine/batch-profile.ts";
import type { Weights } from "../weights/create-weights.ts";
import { createPainter, type Painter } from "./create-painter.ts";

/**
 * The built-in text-to-image model with the files of `packages/house-models`, wherever that package lies; kept among
 * `weights`, or by itself.
 */
export function createHousePainter(
  threads: number,
  weights?: Weights,
  profile?: BatchProfile,
): Painter {
  const directory = houseModelsDirectory();
  return createPainter({ model: houseTextToImage, directory, threads, weights, profile });
}
