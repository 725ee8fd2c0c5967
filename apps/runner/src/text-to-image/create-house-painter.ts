import { createRequire } from "node:module";
import { dirname } from "node:path";
import { houseTextToImage } from "@heddle/house-models";
import { createPainter, type Painter } from "./create-painter.ts";

/** The built-in text-to-image model with the weights of `packages/house-models`, wherever that package lies. */
export function createHousePainter(threads: number): Painter {
  const packageFile = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
  return createPainter({ model: houseTextToImage, directory: dirname(packageFile), threads });
}
