import { listWorkflows } from "@heddle/db";
import { z } from "zod";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { scopedProcedure } from "../init.ts";

/** One's own workflows, the last changed first. */
export const list = scopedProcedure("read")
  .input(
    z.object({
      query: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100).default(50),
      cursor: z.string().nullish(),
    }),
  )
  .query(async ({ ctx: { api, workspaceId }, input }) => {
    const page = await listWorkflows(api.database, { workspaceId, ...input });
    const link = linkArtifacts(api, "");
    const items = page.items.map(({ thumbnail, versionNumber, updatedAt, ...item }) => ({
      ...item,
      /** Null: nothing is published yet. */
      latestVersion: versionNumber,
      updatedAt: updatedAt.toISOString(),
      thumbnail: thumbnail === null ? null : { ...thumbnail, url: link(thumbnail) },
    }));
    return { items, nextCursor: page.nextCursor };
  });
