import type { Database } from "@heddle/db";
import type { BlobStore, Log } from "@heddle/infra";
import { repeat, type Repeated } from "./repeat.ts";
import { sweepFiles } from "./sweep-files.ts";

export interface FileSweeperOptions {
  readonly database: Database;
  /** Belongs to this database alone; absent: nothing is swept. */
  readonly blobs?: BlobStore | undefined;
  /** Milliseconds; absent: what a workspace holds stays for ever. */
  readonly retentionMs?: number | undefined;
  readonly log: Log;
}

const everyMs = 5 * 60_000;
const dayMs = 24 * 3_600_000;

/** Sweeps files every few minutes, and looks through the whole store once a day. */
export function startFileSweeper({ log, blobs, ...options }: FileSweeperOptions): Repeated {
  if (blobs === undefined) return { stop: async () => {} };
  const stopping = new AbortController();
  const { signal } = stopping;
  let orphansAt = performance.now() + everyMs;
  const repeated = repeat(everyMs, async () => {
    const orphans = performance.now() >= orphansAt;
    try {
      const { database, retentionMs } = options;
      const rules = { retentionMs, graceMs: dayMs, orphans };
      const swept = await sweepFiles({ database, blobs, ...rules, signal });
      if (orphans) orphansAt = performance.now() + dayMs;
      if (swept !== null && swept.condemned + swept.taken + swept.removed > 0)
        log.info(swept, "swept files");
    } catch (error) {
      log.warn({ err: error }, "files could not be swept; the next time will do it");
    }
  });
  return {
    stop: () => {
      stopping.abort();
      return repeated.stop();
    },
  };
}
