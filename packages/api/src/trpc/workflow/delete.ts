import { AppError } from "@heddle/core";
import { deleteWorkflow } from "@heddle/db";
import { z } from "zod";
import { scopedProcedure } from "../init.ts";

/** Deletes the workflow with its versions and links; its runs stay. */
export const remove = scopedProcedure("manage")
  .input(z.object({ id: z.string().max(64) }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    if (!(await deleteWorkflow(api.database, { workspaceId, id }))) {
      throw new AppError("not_found", "There is no such workflow");
    }
    return { id };
  });
