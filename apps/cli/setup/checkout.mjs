import path from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the checkout that this file is part of. */
export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
