import { AppError } from "@heddle/core";
import { readStorage } from "@heddle/db";
import type { Api } from "../api.ts";

/**
 * Throws AppError `storage_full` when the files of the workspace and `moreBytes` would take more than it may have, with
 * what is used and what to do. What a run makes is not stopped in its middle: the next one is refused.
 */
export async function checkStorage(
  { database, storageLimitBytes }: Pick<Api, "database" | "storageLimitBytes">,
  workspaceId: string,
  moreBytes: number,
): Promise<void> {
  if (storageLimitBytes === undefined) return;
  const { files, sizeBytes } = await readStorage(database, workspaceId);
  if (sizeBytes + moreBytes <= storageLimitBytes) return;
  throw new AppError(
    "storage_full",
    `This workspace holds ${inWords(sizeBytes)} in ${files} files, and may hold ${inWords(storageLimitBytes)}${
      moreBytes > 1 ? `; this file has ${inWords(moreBytes)}` : ""
    }. Old results make room when they are swept (HEDDLE_RETENTION_DAYS), or raise HEDDLE_STORAGE_LIMIT_GB`,
  );
}

/** 12.3 MB; powers of 1,000. */
function inWords(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
