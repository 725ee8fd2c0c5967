import { z } from "zod";
import { findRun } from "../../runs/wait-for-run.ts";
import { hashRequest, startRun } from "../../runs/start-run.ts";
import { linkArtifacts } from "../../wire/link-artifact.ts";
import { toRunDetail } from "../../wire/run-detail.ts";
import { readDocument } from "../../workflows/read-document.ts";
import { scopedProcedure } from "../init.ts";

/** Runs a document as it is in the editor, saved or not. */
export const submit = scopedProcedure("run")
  .input(
    z.object({
      document: z.unknown(),
      /** The run counts among those of this workflow. */
      workflowId: z.string().max(64).optional(),
      input: z.record(z.string(), z.unknown()).default({}),
      /** Node ids or output names; absent: every output. */
      targets: z.array(z.string().max(64)).max(5000).optional(),
      /** Makes one run of any number of tries. */
      idempotencyKey: z.string().min(1).max(255).optional(),
    }),
  )
  .mutation(async ({ ctx: { api, workspaceId }, input }) => {
    const { idempotencyKey: key, ...body } = input;
    const { runId } = await startRun(api, {
      ...body,
      workspaceId,
      document: readDocument(api, input.document),
      filesOf: workspaceId,
      idempotency:
        key === undefined
          ? undefined
          : { key, bodyHash: hashRequest({ target: "run.submit", body }) },
      origin: api.publicUrl,
    });
    return toRunDetail(await findRun(api, { workspaceId, runId }), linkArtifacts(api, ""));
  });
