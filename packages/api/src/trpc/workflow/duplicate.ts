import { AppError } from "@heddle/core";
import { createWorkflow, getWorkflow } from "@heddle/db";
import { z } from "zod";
import { toWorkflowDetail } from "../../wire/workflow-detail.ts";
import { scopedProcedure } from "../init.ts";

export const duplicate = scopedProcedure("manage")
  .input(z.object({ id: z.string().max(64) }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    const workflow = await getWorkflow(api.database, { workspaceId, id });
    if (workflow === null) throw new AppError("not_found", "There is no such workflow");
    const name = `${workflow.name.slice(0, 113)} (copy)`;
    const document = { ...workflow.document, name };
    const copy = await createWorkflow(api.database, { workspaceId, name, document });
    return toWorkflowDetail(api, workspaceId, copy);
  });
