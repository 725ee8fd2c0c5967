import {
  aloneWithFiles,
  condemnArtifacts,
  findUnfinished,
  finishFiles,
  forgetSweptResults,
  takeCondemned,
  takeUnheld,
  type Database,
} from "@heddle/db";
import type { BlobStore } from "@heddle/infra";

export interface SweepFilesOptions {
  readonly database: Database;
  /** Belongs to this database alone: what no workspace of it holds is removed. */
  readonly blobs: BlobStore;
  /** Files that nobody needed for this long go. Milliseconds; absent: what a workspace holds stays for ever. */
  readonly retentionMs?: number | undefined;
  /** Between being condemned and being removed; also, a blob that was put within it stays. Milliseconds. */
  readonly graceMs: number;
  /** Also look through the whole store for blobs that no workspace holds, left by attempts that were never committed. */
  readonly orphans: boolean;
  /** Aborted when this process is to end: what is begun is finished, and no more. */
  readonly signal?: AbortSignal | undefined;
}

export interface SweptFiles {
  /** Marked, to go after the grace. */
  readonly condemned: number;
  /** Taken from a workspace that held them. */
  readonly taken: number;
  /** Blobs that are no longer in the store. */
  readonly removed: number;
}

/** Blobs in one question to the database. */
const batchSize = 50;

/**
 * Removes files that nobody needs, in two steps. First they are condemned, and whoever needs one within the grace brings it
 * back. Then, in one short transaction that no hit and no result can overlap, they are taken from their workspaces and
 * written down as being swept; only then do their bytes go. A result whose file was stored before that is refused and made
 * again. One process at a time; null: another one is at it.
 */
export function sweepFiles(options: SweepFilesOptions): Promise<SweptFiles | null> {
  const { database, retentionMs, graceMs } = options;
  return aloneWithFiles(database, async () => {
    // Of a sweep that died in its middle.
    let removed = await remove(options, await findUnfinished(database));
    let taken = 0;
    const condemned =
      retentionMs === undefined ? 0 : await condemnArtifacts(database, { retentionMs });
    while (options.signal?.aborted !== true) {
      const batch = await takeCondemned(database, { graceMs });
      taken += batch.taken;
      removed += await remove(options, batch.sha256s);
      if (batch.taken === 0) break;
    }
    if (options.orphans) removed += await removeOrphans(options);
    return { condemned, taken, removed };
  });
}

async function removeOrphans(options: SweepFilesOptions): Promise<number> {
  const { database, blobs, graceMs } = options;
  await forgetSweptResults(database);
  let removed = 0;
  let batch: string[] = [];
  const removeBatch = async () => {
    removed += await remove(options, await takeUnheld(database, batch));
    batch = [];
  };
  for await (const { sha256, putAt } of blobs.list()) {
    if (options.signal?.aborted === true) break;
    if (Date.now() - putAt.getTime() < graceMs) continue;
    batch.push(sha256);
    if (batch.length === batchSize) await removeBatch();
  }
  if (batch.length > 0) await removeBatch();
  return removed;
}

/**
 * Removes blobs that are written down as being swept. One that was put lately is left where it is: an attempt that is under
 * way made it again, and it costs nothing to be careful. Nobody holds it yet; if nobody ever does, it is an orphan.
 */
async function remove(
  { database, blobs, graceMs }: SweepFilesOptions,
  sha256s: readonly string[],
): Promise<number> {
  if (sha256s.length === 0) return 0;
  const removed: string[] = [];
  const left: string[] = [];
  // At once: results with these files are refused until it is done. All are waited for, also when one fails: a removal that
  // went on after the lock is let go could take what was put since.
  const settled = await Promise.allSettled(
    sha256s.map(async (sha256) => {
      const facts = await blobs.head(sha256);
      if (facts !== null && Date.now() - facts.putAt.getTime() < graceMs) left.push(sha256);
      else {
        await blobs.delete(sha256);
        removed.push(sha256);
      }
    }),
  );
  await finishFiles(database, { removed, left });
  const failed = settled.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return removed.length;
}
