import { createApiKey } from "@heddle/db";
import { createApiKeyBody } from "../../wire/api-key.ts";
import { scopedProcedure } from "../init.ts";

/** Makes a key; `key` is shown this once. */
export const create = scopedProcedure("manage")
  .input(createApiKeyBody)
  .mutation(({ ctx: { api, workspaceId }, input }) =>
    createApiKey(api.database, { workspaceId, ...input }),
  );
