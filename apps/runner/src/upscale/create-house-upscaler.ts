import { houseModelFile, houseUpscaler4x } from "@heddle/house-models";
import { houseModelsDirectory } from "../house-models-directory.ts";
import type { Weights } from "../weights/create-weights.ts";
import { createUpscaler, type Upscaler } from "./create-upscaler.ts";

/** The built-in upscaler with the file of `packages/house-models`, wherever that package lies; kept among `weights`. */
export function createHouseUpscaler(threads: number, weights?: Weights): Upscaler {
  return createUpscaler({
    weightsPath: houseModelFile(houseModelsDirectory(), houseUpscaler4x),
    sha256: houseUpscaler4x.weights.sha256,
    threads,
    weights,
  });
}
