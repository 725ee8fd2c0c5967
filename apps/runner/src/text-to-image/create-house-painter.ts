import { createRequire } from "node:module";
import { dirname } from "node:path";
import { houseTextToImage } from "@heddle/house-models";
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
  const packageFile = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
  const directory = dirname(packageFile);
  return createPainter({ model: houseTextToImage, directory, threads, weights, profile });
}
