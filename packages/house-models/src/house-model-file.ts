import { join } from "node:path";
import type { z } from "zod";
import type { modelFacts } from "./model-facts.ts";

/**
 * The path of a model's weights.
 *
 * `rootDirectory` is the folder of this package, which only the caller can know: apps are bundled, so a
 * path of this module would point into the bundle. Find it at run time with
 * `dirname(createRequire(import.meta.url).resolve("@heddle/house-models/package.json"))`.
 */
export function houseModelFile(
  rootDirectory: string,
  model: Pick<z.infer<typeof modelFacts>, "weights">,
): string {
  return join(rootDirectory, ...model.weights.file.split("/"));
}
