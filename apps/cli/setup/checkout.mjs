import { accessSync, constants } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { CommandFailed } from "./command-failed.mjs";

/** Absolute path of the checkout that this file is part of. */
export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** Installing and building write into the checkout; throws CommandFailed where this user may not. */
export function mustBeWritable() {
  try {
    accessSync(checkout, constants.W_OK);
  } catch {
    throw new CommandFailed(
      `no permission to write to the checkout ${checkout}, which has to be installed and built first`,
    );
  }
}
