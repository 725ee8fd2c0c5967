import { z } from "zod";
import { dropRunnerToken } from "../../runners/runner-tokens.ts";
import { scopedProcedure } from "../init.ts";

export const revoke = scopedProcedure("manage")
  .input(z.object({ id: z.string().max(64) }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    await dropRunnerToken(api, workspaceId, id);
    return { id };
  });
