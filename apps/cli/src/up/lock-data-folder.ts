import { copyFileSync, constants, linkSync, rmSync, writeFileSync } from "node:fs";
import { Fatal } from "../fatal.ts";
import { readServerFile, serverFileOf, type ServerFile } from "../server-file.ts";
import { explain } from "./data-folder.ts";
import { processStart } from "./process-identity.ts";

/**
 * Makes this process the only one that serves the folder. A lock that a dead process left is taken over.
 * Returns what gives it back.
 *
 * @throws Fatal when another process serves the folder.
 */
export function lockDataFolder(folder: string, url: string): () => void {
  const file = serverFileOf(folder);
  const mine: ServerFile = {
    pid: process.pid,
    processStart: processStart(process.pid) ?? "unknown",
    url,
  };
  const incoming = `${file}.${process.pid}.new`;
  try {
    writeFileSync(incoming, `${JSON.stringify(mine)}\n`);
    // A link is made whole or not at all, and never over another one.
    while (!tryLink(incoming, file)) {
      const holder = readServerFile(folder);
      if (holder !== null && processStart(holder.pid) === holder.processStart) {
        throw new Fatal(
          `Heddle already runs on ${folder}, at ${holder.url} (process ${holder.pid}); stop it first, or set HEDDLE_DATA_DIR and PORT for a second one`,
        );
      }
      rmSync(file, { force: true });
    }
  } catch (error) {
    throw explain(error, folder);
  } finally {
    removeIfThere(incoming);
  }
  return () => {
    if (readServerFile(folder)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** In a folder that cannot even be searched there is nothing of ours to remove. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (codeOf(error) !== "EACCES") throw error;
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    switch (codeOf(error)) {
      case "EEXIST":
        return false;
      // Not every file system has hard links.
      case "EPERM":
      case "ENOTSUP":
        return tryCopy(from, to);
      default:
        throw error;
    }
  }
}

function tryCopy(from: string, to: string): boolean {
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
