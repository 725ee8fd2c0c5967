import { createRequire } from "node:module";
import { dirname } from "node:path";

/** The folder of `@heddle/house-models`, wherever it lies: apps are bundled, so it is asked for when they run. */
export function houseModelsDirectory(): string {
  return dirname(createRequire(import.meta.url).resolve("@heddle/house-models/package.json"));
}
