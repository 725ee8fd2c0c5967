import { z } from "zod";
import { decide } from "../../runs/decide.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunDetail } from "../../wire/run-detail.ts";
import { scopedProcedure } from "../init.ts";

/** What a person says to a step that waits for it; `approve: false` declines. */
export const approve = scopedProcedure("run")
  .input(z.object({ id: z.string().max(64), stepId: z.string().max(128), approve: z.boolean() }))
  .mutation(async ({ ctx: { api, workspaceId }, input: { id, ...decision } }) =>
    toRunDetail(await decide(api, { workspaceId, runId: id }, decision), linkArtifacts(api, "")),
  );
