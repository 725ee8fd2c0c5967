import { requestCancel } from "@heddle/db";
import { z } from "zod";
import { findRun } from "../../runs/wait-for-run.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunDetail } from "../../wire/run-detail.ts";
import { scopedProcedure } from "../init.ts";

/** Stops a run; one that has ended stays as it is. */
export const cancel = scopedProcedure("run")
  .input(z.object({ id: z.string().max(64) }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) => {
    await requestCancel(api.database, { workspaceId, runId: id });
    return toRunDetail(await findRun(api, { workspaceId, runId: id }), linkArtifacts(api, ""));
  });
