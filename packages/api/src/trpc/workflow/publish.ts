import { z } from "zod";
import { publishWorkflow } from "../../workflows/publish-workflow.ts";
import { scopedProcedure } from "../init.ts";

/** Makes the saved document the next version; `path` is its share page. */
export const publish = scopedProcedure("manage")
  .input(z.object({ id: z.string().max(64), note: z.string().max(1000).default("") }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id, note } }) => {
    const { number, slug, ownerSlug } = await publishWorkflow(api, {
      workspaceId,
      workflowId: id,
      note,
    });
    return { number, slug, ownerSlug, path: `/w/${ownerSlug}/${slug}` };
  });
