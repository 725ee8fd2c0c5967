import type { Statement } from "../transaction.ts";

/*
 * Who writes or relies on rows of `artifact` holds this lock, shared; who removes them holds it alone, for one short
 * transaction. So a removal sees every hit and every result that was committed before it, and none is under way.
 */
const artifactKey = 72_707_370;

/** Shared with all others that keep files, until the transaction ends. */
export const keepFiles: Statement = {
  name: "artifact_keep",
  text: `SELECT pg_advisory_xact_lock_shared(${artifactKey})`,
};

/** Alone, until the transaction ends. */
export const removeFiles: Statement = {
  name: "artifact_remove",
  text: `SELECT pg_advisory_xact_lock(${artifactKey})`,
};
