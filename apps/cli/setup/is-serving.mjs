import { readFileSync } from "node:fs";
import path from "node:path";
import { checkout } from "./checkout.mjs";

/** Whether a server seems to run on the data folder of this environment. `heddle up` looks closer. */
export function isServing() {
  const folder = path.resolve(process.env.HEDDLE_DATA_DIR || path.join(checkout, ".heddle"));
  try {
    const { pid } = JSON.parse(readFileSync(path.join(folder, "server.json"), "utf8"));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
