import { makeRunnerToken } from "../../runners/runner-tokens.ts";
import { createRunnerTokenBody } from "../../wire/runner-token.ts";
import { scopedProcedure } from "../init.ts";

/** Makes a token, and says under which address its runners reach this server; `token` is shown this once. */
export const create = scopedProcedure("manage")
  .input(createRunnerTokenBody)
  .mutation(async ({ ctx: { api, workspaceId }, input }) => ({
    ...(await makeRunnerToken(api, workspaceId, input)),
    server: api.publicUrl,
  }));
