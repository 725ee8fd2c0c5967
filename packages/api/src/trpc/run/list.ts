import { listRuns } from "@heddle/db";
import { z } from "zod";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunOverview } from "../../wire/run-detail.ts";
import { scopedProcedure } from "../init.ts";

/** Runs of one workflow or of all, the newest first. */
export const list = scopedProcedure("read", "run")
  .input(
    z.object({
      workflowId: z.string().max(64).optional(),
      limit: z.number().int().min(1).max(100).default(30),
      cursor: z.string().nullish(),
    }),
  )
  .query(async ({ ctx: { api, workspaceId }, input }) => {
    const page = await listRuns(api.database, { workspaceId, ...input });
    const link = linkArtifacts(api, "");
    return {
      items: page.items.map((run) => toRunOverview(run, link)),
      nextCursor: page.nextCursor,
    };
  });
