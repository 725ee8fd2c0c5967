import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CheckpointStore } from "./checkpoint-store.ts";

const digestBytes = 32;
/** What nobody came back for in this time is removed when another checkpoint is written. */
const keptMs = 7 * 24 * 3_600_000;

/**
 * Checkpoints as files under `directory`, named by the SHA-256 of their keys: the SHA-256 of the state, then the state.
 * Written beside its place, synced, then renamed: a reader sees the one before or this one, also after a crash.
 */
export function createFileCheckpointStore(directory: string): CheckpointStore {
  const pathOf = (key: string) => join(directory, sha256(key).toString("hex"));
  return {
    read: async (key) => {
      const file = await readFile(pathOf(key)).catch(() => null);
      if (file === null || file.length < digestBytes) return null;
      const state = file.subarray(digestBytes);
      return sha256(state).equals(file.subarray(0, digestBytes)) ? state : null;
    },
    write: async (key, state) => {
      await mkdir(directory, { recursive: true });
      await removeForgotten(directory);
      const temporary = join(directory, `${randomUUID()}.incoming`);
      try {
        await writeSynced(temporary, [sha256(state), state]);
        await rename(temporary, pathOf(key));
      } finally {
        await rm(temporary, { force: true });
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
  };
}

function sha256(content: Uint8Array | string): Buffer {
  return createHash("sha256").update(content).digest();
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
    if (facts !== null && Date.now() - facts.mtimeMs > keptMs) await rm(path, { force: true });
  }
}
