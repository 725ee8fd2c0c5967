import { showRunnerTokens } from "../../runners/runner-tokens.ts";
import { scopedProcedure } from "../init.ts";

export const list = scopedProcedure("manage").query(({ ctx: { api, workspaceId } }) =>
  showRunnerTokens(api, workspaceId),
);
