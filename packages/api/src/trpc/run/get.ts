import { z } from "zod";
import { findRun } from "../../runs/wait-for-run.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunDetail } from "../../wire/run-detail.ts";
import { scopedProcedure } from "../init.ts";

export const get = scopedProcedure("read", "run")
  .input(z.object({ id: z.string().max(64) }))
  .query(async ({ ctx: { api, workspaceId }, input: { id } }) =>
    toRunDetail(await findRun(api, { workspaceId, runId: id }), linkArtifacts(api, "")),
  );
