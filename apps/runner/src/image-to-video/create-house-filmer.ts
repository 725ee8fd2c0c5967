import { houseImageToVideo } from "@heddle/house-models";
import { houseModelsDirectory } from "../house-models-directory.ts";
import type { Weights } from "../weights/create-weights.ts";
import { createFilmer, type Filmer } from "./create-filmer.ts";

/** The built-in image-to-video model; kept among `weights`, or by itself. */
export function createHouseFilmer(threads: number, weights?: Weights): Filmer {
  const directory = houseModelsDirectory();
  return createFilmer({ model: houseImageToVideo, directory, threads, weights });
}
