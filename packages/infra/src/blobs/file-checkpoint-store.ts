import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  checkpointKeptMs,
  checkpointName,
  packCheckpoint,
  unpackCheckpoint,
} from "./checkpoint-format.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";

/**
 * Checkpoints as files under `directory`. Written beside its place, synced, then renamed: a reader sees the one before
 * or this one, also after a crash.
 */
export function createFileCheckpointStore(directory: string): CheckpointStore {
  const pathOf = (key: string) => join(directory, checkpointName(key));
  return {
    read: async (key) => {
      const file = await readFile(pathOf(key)).catch(() => null);
      return file === null ? null : unpackCheckpoint(file);
    },
    write: async (key, state) => {
      await mkdir(directory, { recursive: true });
      await removeForgotten(directory);
      const temporary = join(directory, `${randomUUID()}.incoming`);
      try {
        await writeSynced(temporary, packCheckpoint(state));
        await rename(temporary, pathOf(key));
      } finally {
        await rm(temporary, { force: true });
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

async function writeSynced(path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for (const chunk of chunks) await file.writeFile(chunk);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Others may remove the same files at the same time. */
async function removeForgotten(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const facts = await stat(path).catch(() => null);
    if (facts !== null && Date.now() - facts.mtimeMs > checkpointKeptMs)
      await rm(path, { force: true });
  }
}
