import { listApiKeys } from "@heddle/db";
import { toKeyResult } from "../../wire/api-key.ts";
import { scopedProcedure } from "../init.ts";

export const list = scopedProcedure("manage").query(async ({ ctx: { api, workspaceId } }) =>
  (await listApiKeys(api.database, { workspaceId })).map(toKeyResult),
);
