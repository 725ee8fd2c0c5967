import { AppError } from "@heddle/core";
import { revokeApiKey } from "@heddle/db";
import { z } from "zod";
import { scopedProcedure } from "../init.ts";

export const revoke = scopedProcedure("manage")
  .input(z.object({ id: z.string().max(64) }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    if (!(await revokeApiKey(api.database, { workspaceId, id })))
      throw new AppError("not_found", "There is no such key");
    return { id };
  });
