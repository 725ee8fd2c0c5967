import { saveWorkflow } from "@heddle/db";
import { z } from "zod";
import { readDocument } from "../../workflows/read-document.ts";
import { scopedProcedure } from "../init.ts";

/**
 * Saves what was edited from `baseRevision`. `ok: false`: somebody saved meanwhile; nothing is overwritten, and their document
 * comes back to be merged. A half-built document is fine; one that is not a document is not.
 */
export const save = scopedProcedure("manage")
  .input(
    z.object({
      id: z.string().max(64),
      baseRevision: z.number().int().nonnegative(),
      document: z.unknown(),
    }),
  )
  .mutation(({ ctx: { api, workspaceId }, input: { id, baseRevision, document } }) =>
    saveWorkflow(api.database, {
      workspaceId,
      id,
      baseRevision,
      document: readDocument(api, document),
    }),
  );
