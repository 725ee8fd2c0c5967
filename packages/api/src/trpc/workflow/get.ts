import { AppError } from "@heddle/core";
import { getWorkflow } from "@heddle/db";
import { z } from "zod";
import { toWorkflowDetail } from "../../wire/workflow-detail.ts";
import { scopedProcedure } from "../init.ts";

export const get = scopedProcedure("read")
  .input(z.object({ id: z.string().max(64) }))
  .query(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    const workflow = await getWorkflow(api.database, { workspaceId, id });
    if (workflow === null) throw new AppError("not_found", "There is no such workflow");
    return toWorkflowDetail(api, workspaceId, workflow);
  });
