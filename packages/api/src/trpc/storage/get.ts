import { readStorage } from "@heddle/db";
import { scopedProcedure } from "../init.ts";

/** What the files of the workspace take, and what they may. */
export const get = scopedProcedure("read").query(async ({ ctx: { api, workspaceId } }) => ({
  ...(await readStorage(api.database, workspaceId)),
  /** Null: any amount. */
  limitBytes: api.storageLimitBytes ?? null,
}));
