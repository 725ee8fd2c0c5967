import { readFileSync } from "node:fs";
import path from "node:path";

/** The key that `heddle up` left for the other commands; null when there is none or it is somebody else's. */
export function readLocalKey(dataFolder: string): string | null {
  try {
    return readFileSync(path.join(dataFolder, "local-key"), "utf8").trim() || null;
  } catch {
    return null;
  }
}
