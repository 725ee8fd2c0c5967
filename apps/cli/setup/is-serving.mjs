import { readFileSync } from "node:fs";
import path from "node:path";
import { checkout } from "./checkout.mjs";

/** Whether a server answers for the data folder of this environment. `heddle up` looks closer. */
export async function isServing() {
  const folder = path.resolve(process.env.HEDDLE_DATA_DIR || path.join(checkout, ".heddle"));
  try {
    const { pid, url } = JSON.parse(readFileSync(path.join(folder, "server.json"), "utf8"));
    process.kill(pid, 0);
    await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}
