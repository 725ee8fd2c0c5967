import { AppError } from "@heddle/core";
import { getWorkflow, listVersions } from "@heddle/db";
import { z } from "zod";
import { scopedProcedure } from "../init.ts";

/** Published versions, the newest first. */
export const versions = scopedProcedure("read")
  .input(z.object({ id: z.string().max(64) }))
  .query(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    if ((await getWorkflow(api.database, { workspaceId, id })) === null) {
      throw new AppError("not_found", "There is no such workflow");
    }
    const found = await listVersions(api.database, { workspaceId, workflowId: id });
    return found.map(({ publishedAt, ...version }) => ({
      ...version,
      publishedAt: publishedAt.toISOString(),
    }));
  });
