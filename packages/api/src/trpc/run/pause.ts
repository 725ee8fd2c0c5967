import { z } from "zod";
import { holdRun } from "../../runs/hold-run.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunDetail } from "../../wire/run-detail.ts";
import { scopedProcedure } from "../init.ts";

const input = z.object({ id: z.string().max(64) });

/** Nothing of the run starts any more, and its deadline stands still. */
export const pause = scopedProcedure("run")
  .input(input)
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) =>
    toRunDetail(await holdRun(api, { workspaceId, runId: id }, "pause"), linkArtifacts(api, "")),
  );

/** Lets a paused run go on where it was. */
export const resume = scopedProcedure("run")
  .input(input)
  .mutation(async ({ ctx: { api, workspaceId }, input: { id } }) =>
    toRunDetail(await holdRun(api, { workspaceId, runId: id }, "resume"), linkArtifacts(api, "")),
  );
