import { AppError, type ArtifactRef } from "@heddle/core";
import { readClock, recordArtifact } from "@heddle/db";
import type { Api } from "../api.ts";

export interface KeepFileOptions {
  readonly workspaceId: string;
  /** Puts the bytes into the blob store; called again when a sweep took them right after. */
  readonly store: () => Promise<ArtifactRef>;
  /** It comes with Heddle, and is never swept. */
  readonly pinned?: boolean;
}

const tries = 3;

/** Stores a file and lets the workspace read it; from then on it is there for as long as somebody needs it. */
export async function keepFile(
  { database }: Pick<Api, "database">,
  { workspaceId, store, pinned }: KeepFileOptions,
): Promise<ArtifactRef> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const storedAfter = await readClock(database);
    const artifact = await store();
    if (await recordArtifact(database, { workspaceId, artifact, storedAfter, pinned }))
      return artifact;
  }
  throw new AppError("unavailable", "The same file is being swept right now; send it again", {
    retryAfterSeconds: 2,
  });
}
