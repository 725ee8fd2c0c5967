import { sha256Schema } from "@heddle/core";
import { z } from "zod";
import { linkOwnFiles } from "../../wire/link-document-files.ts";
import { scopedProcedure } from "../init.ts";

/** Signed links of files of this workspace, by SHA-256; what it does not hold is left out. */
export const links = scopedProcedure("read", "run")
  .input(z.object({ sha256: z.array(sha256Schema).max(1000) }))
  .query(({ ctx: { api, workspaceId }, input }) => linkOwnFiles(api, workspaceId, input.sha256));
